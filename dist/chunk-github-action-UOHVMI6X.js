import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);
import{a,b,c}from"./chunk-chunk-4LHIUK6V.js";import"./chunk-chunk-7ETU5BS5.js";import"./chunk-chunk-YMLHFGSZ.js";import"./chunk-chunk-N36QTVWB.js";import"./chunk-chunk-OHNCX5PJ.js";import"./chunk-chunk-CDZLZNAL.js";export{c as frontEnd,a as main,b as maskSecrets};
