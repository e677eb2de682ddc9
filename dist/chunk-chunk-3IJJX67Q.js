import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);
import{a as t}from"./chunk-chunk-CDZLZNAL.js";var e=t("node:http");var o=e.createServer;var r=e;export{o as a,r as b};
