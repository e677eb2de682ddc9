import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);
import{b as y,c as u,d as f,e as r,f as c}from"./chunk-chunk-YMSVIQNM.js";import"./chunk-chunk-22QILDB5.js";import{a as g}from"./chunk-chunk-AS24DJ2C.js";import"./chunk-chunk-6GXYA6ZL.js";import"./chunk-chunk-GPXCMPTS.js";import"./chunk-chunk-KZCGWHKT.js";import"./chunk-chunk-HM3MBM2V.js";import"./chunk-chunk-K3NUZGHA.js";import"./chunk-chunk-QAORITVA.js";import"./chunk-chunk-ASTUCYW2.js";import{b as d}from"./chunk-chunk-RNZEKVEU.js";import"./chunk-chunk-CDZLZNAL.js";import{pathToFileURL as k}from"node:url";var p="main",l="Drawbridge Demo <demo@localhost>";async function w(e,t){await r(e,t,["init","--quiet","--bare","."]),await r(e,t,["symbolic-ref","HEAD",`refs/heads/${p}`],{bare:!0});let n=$(Math.floor(e.clock.now()/1e3));return await r(e,t,["fast-import","--quiet"],{bare:!0,input:n}),{path:t,url:k(t).href,branch:p,tip:()=>c(e,t,["rev-parse",`refs/heads/${p}`],{bare:!0}),log:async()=>(await c(e,t,["log","--oneline",p],{bare:!0})).split(`
`),clone:i=>R(e,t,i)}}function $(e){let t=Object.entries(C).map(([n,i])=>`M 100644 inline ${n}
${h(i)}`);return[`commit refs/heads/${p}
`,`author ${l} ${e} +0000
`,`committer ${l} ${e} +0000
`,h("First version of the manifests"),...t].join("")}function h(e){return`data ${new TextEncoder().encode(e).length}
${e}
`}async function R(e,t,n){return await r(e,t,["clone","--quiet",".",n]),{path:n,push:(i,a)=>T(e,n,i,a)}}async function T(e,t,n,i){for(let[a,m]of Object.entries(i))m===void 0?await r(e,t,["rm","--quiet","-r",a]):await e.files.write(`${t}/${a}`,m);return await r(e,t,["add","--all"]),await r(e,t,["commit","--quiet","--allow-empty","--message",n],{env:v(e)}),await r(e,t,["push","--quiet","origin",`HEAD:${p}`]),c(e,t,["rev-parse","HEAD"])}function v(e){let[,t="",n=""]=/^(.+) <(.+)>$/.exec(l)??[],i=`${Math.floor(e.clock.now()/1e3)} +0000`;return Object.fromEntries(["AUTHOR","COMMITTER"].flatMap(a=>[[`GIT_${a}_NAME`,t],[`GIT_${a}_EMAIL`,n],[`GIT_${a}_DATE`,i]]))}var C={"README.md":`# Config repository

What runs in the cluster is what stands on \`${p}\` of this repository. Nobody applies anything by hand: the delivery
engine reads this branch and makes the cluster match it.

- \`kubernetes/manifests\`: the plain manifests of \`my-app\`
- \`overlays/production\`: the same for production, with a pinned image
`,"kubernetes/kustomization.yaml":`apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources:
  - manifests/deployment.yaml
  - manifests/service.yaml
`,"kubernetes/manifests/deployment.yaml":`# The web application. Its image is written by the pipeline; all else is written by people.
apiVersion: apps/v1
kind: Deployment
metadata:
  name: my-app
  labels:
    app: my-app
spec:
  replicas: 2 # one may fail
  selector:
    matchLabels:
      app: my-app
  template:
    metadata:
      labels:
        app: my-app
    spec:
      containers:
        - name: my-app
          image: my-app:latest # the pipeline writes here
          ports:
            - containerPort: 8080
`,"kubernetes/manifests/service.yaml":`apiVersion: v1
kind: Service
metadata:
  name: my-app
spec:
  selector:
    app: my-app
  ports:
    - port: 80
      targetPort: 8080
`,"overlays/production/kustomization.yaml":`apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
namespace: production
resources:
  - ../../kubernetes
images:
  # Production runs what was tried elsewhere before.
  - name: my-app
    newTag: 1.0.0
`};async function z(e,t,n){let i=await e.files.makeTemporary("drawbridge-demo"),a=await w(e,await O(e,i,"config.git")),s=await(await E[n.engine]())({host:e,repository:a,folder:i});try{let o={host:e,run:t,repository:a,standIn:s,folder:i};P(o),await s.settled();let b=[await y(o),await u(o),await f(o)];return await x(o),A(b,o,n)}finally{await s.close(),n.keep?e.files.keepTemporary(i):await e.files.removeTemporary(i)}}var E={argocd:async()=>(await import("./chunk-argocd-75FO4IUM.js")).openArgoCd,flux:async()=>(await import("./chunk-flux-OC3EJNBI.js")).openFlux};async function O(e,t,n){return await e.files.write(`${t}/${n}/description`,`The config repository of the Drawbridge demo.
`),`${t}/${n}`}function P({host:e,standIn:{title:t}}){e.log.info(`The config repository is real Git, and so are the commands. ${t} and the cluster are a stand-in on 127.0.0.1,`),e.log.info("which reads that repository and plays what an API client sees; its cluster is quick, so the waits are shortened.")}async function x({host:e,repository:t}){e.log.info(`
What the branch holds now (git log --oneline)`);for(let n of await t.log())e.log.info(`    ${n}`)}function A(e,{repository:t,standIn:n},{keep:i,detailed:a}){let m=e.flatMap(o=>o.surprises);if(m.length>0)throw new d("internal","The demo did not go as told",{problems:m,hint:"A very slow machine can do that; run it again."});let s=a?e.flatMap(o=>o.outcomes):[];return{result:"ok",exitCode:g.ok,outputs:i?{repository:t.path}:{},findings:s.flatMap(({findings:o})=>o),edits:s.flatMap(({edits:o})=>o),targets:s.flatMap(({targets:o})=>o),headline:"The three acts went as told: one change landed, one was stopped, one was rolled back",notes:[`Real: the Git repository, every commit in it, the schemas, and the commands. Stand-in: ${n.title} and the cluster.`,i?`The repository is at ${t.path}; delete the folder when you are done.`:"The repository is gone; --keep leaves it here.","Next: drawbridge validate on your own manifests, then drawbridge deliver --help for your own repository and server."]}}export{z as playDemo};
