import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);
import{b as u,c as f,d as h,e as r,f as c}from"./chunk-chunk-JH4ZFPMB.js";import{a as y}from"./chunk-chunk-AS24DJ2C.js";import{b as d,m as g}from"./chunk-chunk-OHNCX5PJ.js";import"./chunk-chunk-CDZLZNAL.js";var p="main",l="Drawbridge Demo <demo@localhost>";async function b(e,t){await r(e,t,["init","--quiet","--bare","."]),await r(e,t,["symbolic-ref","HEAD",`refs/heads/${p}`],{bare:!0});let i=$(Math.floor(e.clock.now()/1e3));return await r(e,t,["fast-import","--quiet"],{bare:!0,input:i}),{path:t,url:g(t).href,branch:p,tip:()=>c(e,t,["rev-parse",`refs/heads/${p}`],{bare:!0}),log:async()=>(await c(e,t,["log","--oneline",p],{bare:!0})).split(`
`),clone:o=>R(e,t,o)}}function $(e){let t=Object.entries(C).map(([i,o])=>`M 100644 inline ${i}
${w(o)}`);return[`commit refs/heads/${p}
`,`author ${l} ${e} +0000
`,`committer ${l} ${e} +0000
`,w("First version of the manifests"),...t].join("")}function w(e){return`data ${new TextEncoder().encode(e).length}
${e}
`}async function R(e,t,i){return await r(e,t,["clone","--quiet",".",i]),{path:i,push:(o,a)=>T(e,i,o,a)}}async function T(e,t,i,o){for(let[a,m]of Object.entries(o))m===void 0?await r(e,t,["rm","--quiet","-r",a]):await e.files.write(`${t}/${a}`,m);return await r(e,t,["add","--all"]),await r(e,t,["commit","--quiet","--allow-empty","--message",i],{env:v(e)}),await r(e,t,["push","--quiet","origin",`HEAD:${p}`]),c(e,t,["rev-parse","HEAD"])}function v(e){let[,t="",i=""]=/^(.+) <(.+)>$/.exec(l)??[],o=`${Math.floor(e.clock.now()/1e3)} +0000`;return Object.fromEntries(["AUTHOR","COMMITTER"].flatMap(a=>[[`GIT_${a}_NAME`,t],[`GIT_${a}_EMAIL`,i],[`GIT_${a}_DATE`,o]]))}var C={"README.md":`# Config repository

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
`};async function Y(e,t,i){let o=await e.files.makeTemporary("drawbridge-demo"),a=await b(e,await O(e,o,"config.git")),s=await(await E[i.engine]())({host:e,repository:a,folder:o});try{let n={host:e,run:t,repository:a,standIn:s,folder:o};P(n),await s.settled();let k=[await u(n),await f(n),await h(n)];return await x(n),A(k,n,i)}finally{await s.close(),i.keep?e.files.keepTemporary(o):await e.files.removeTemporary(o)}}var E={argocd:async()=>(await import("./chunk-argocd-DD3XIRNE.js")).openArgoCd,flux:async()=>(await import("./chunk-flux-T7GFQPEF.js")).openFlux};async function O(e,t,i){return await e.files.write(`${t}/${i}/description`,`The config repository of the Drawbridge demo.
`),`${t}/${i}`}function P({host:e,standIn:{title:t}}){e.log.info(`The config repository is real Git, and so are the commands. ${t} and the cluster are a stand-in on 127.0.0.1,`),e.log.info("which reads that repository and plays what an API client sees; its cluster is quick, so the waits are shortened.")}async function x({host:e,repository:t}){e.log.info(`
What the branch holds now (git log --oneline)`);for(let i of await t.log())e.log.info(`    ${i}`)}function A(e,{repository:t,standIn:i},{keep:o,detailed:a}){let m=e.flatMap(n=>n.surprises);if(m.length>0)throw new d("internal","The demo did not go as told",{problems:m,hint:"A very slow machine can do that; run it again."});let s=a?e.flatMap(n=>n.outcomes):[];return{result:"ok",exitCode:y.ok,outputs:o?{repository:t.path}:{},findings:s.flatMap(({findings:n})=>n),edits:s.flatMap(({edits:n})=>n),targets:s.flatMap(({targets:n})=>n),headline:"The three acts went as told: one change landed, one was stopped, one was rolled back",notes:[`Real: the Git repository, every commit in it, the schemas, and the commands. Stand-in: ${i.title} and the cluster.`,o?`The repository is at ${t.path}; delete the folder when you are done.`:"The repository is gone; --keep leaves it here.","Next: drawbridge validate on your own manifests, then drawbridge deliver --help for your own repository and server."]}}export{Y as playDemo};
