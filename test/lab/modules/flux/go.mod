// The client of Flux.
module drawbridge.invalid/lab/flux

go 1.26

require github.com/fluxcd/flux2/v2 v2.9.5
