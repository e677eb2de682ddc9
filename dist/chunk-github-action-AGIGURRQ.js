import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);
import{a,b,c}from"./chunk-chunk-FGVUQDLI.js";import"./chunk-chunk-7P55FGV5.js";import"./chunk-chunk-EMHFZ2LX.js";import"./chunk-chunk-N36QTVWB.js";import"./chunk-chunk-IQS2QBTV.js";import"./chunk-chunk-CDZLZNAL.js";export{c as frontEnd,a as main,b as maskSecrets};
