/** A container image reference, split and not yet normalised: what was not written is absent. */
export interface ImageRef {
  /** `ghcr.io`, `localhost:5000`, `[::1]:5000`. */
  readonly registry?: string;
  /** Without the registry: `library/nginx`, `acme/api`. */
  readonly repository: string;
  readonly tag?: string;
  /** `sha256:<64 hex>` or `sha512:<128 hex>`. */
  readonly digest?: string;
}
