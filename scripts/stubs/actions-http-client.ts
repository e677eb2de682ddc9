/**
 * Stands for `@actions/http-client` in the bundle. @actions/core needs it for `getIDToken` only, which we ask through our
 * own transport, and it would bring undici: 440 KB and 60 ms of every start.
 */
export class HttpClient {
  constructor() {
    throw new Error('the HTTP client of @actions is not part of this program');
  }
}

export class BearerCredentialHandler {}
