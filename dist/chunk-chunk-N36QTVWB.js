import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);
import{a as t}from"./chunk-chunk-CDZLZNAL.js";var e=t("node:crypto");var r=e.createHash,o=e.createHmac,c=e.createPrivateKey;var n=e.sign;var p=e.timingSafeEqual;var s=e.subtle;export{r as a,o as b,c,n as d,p as e,s as f};
