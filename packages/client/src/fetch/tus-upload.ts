import { PROOF_HEADER } from '@sotto/protocol';
import * as tus from 'tus-js-client';
import { ClientError } from '../error.ts';
import type { FileUpload } from '../seams/file-transport.ts';
import { StorageError } from '../seams/storage.ts';
import type { HttpResponse } from '../seams/transport.ts';
import { parseJson } from './fetch-transport.ts';
import { Stall } from './stall.ts';

/** Bytes of one PATCH: proxies limit bodies, and a cut costs at most this much. */
const STEP = 8 * 1_048_576;

/** One upload by tus-js-client. Retries, holds and what is remembered are the engine's own. */
export function tusUpload(origin: string, upload: FileUpload): Promise<HttpResponse> {
  const { path, create, size, known } = upload;
  const address = new URL(path, origin).href;
  const stall = new Stall(upload.signal);
  return new Promise((resolve, reject) => {
    const settled = (settle: () => void) => {
      stall.end();
      settle();
    };
    const running = new tus.Upload(SOURCE, {
      endpoint: new URL(create, origin).href,
      uploadUrl: known ? address : null,
      uploadSize: size,
      chunkSize: STEP,
      fileReader: { openFile: async () => sourceOf(upload) },
      retryDelays: null,
      storeFingerprintForResuming: false,
      removeFingerprintOnSuccess: false,
      fingerprint: async () => '',
      // The address is ours to know: a proxy may tell another one, and no proof goes anywhere else (D5).
      onUploadUrlAvailable: () => {
        running.url = address;
      },
      async onBeforeRequest(request) {
        const url = new URL(request.getURL());
        if (url.origin !== origin) throw new TypeError(`upload: expected ${origin}, got ${url.origin}`);
        const proof = await upload.prove(request.getMethod(), url.pathname + url.search);
        request.setHeader(PROOF_HEADER, proof);
        if (upload.partial && request.getMethod() === 'POST') request.setHeader('Upload-Concat', 'partial');
      },
      onProgress(done) {
        stall.moved();
        upload.onProgress(done);
      },
      onSuccess: ({ lastResponse }) =>
        settled(() => resolve({ status: lastResponse.getStatus(), json: undefined })),
      onError: (error) => {
        const response = 'originalResponse' in error ? error.originalResponse : null;
        const answer = response && { status: response.getStatus(), json: parseJson(response.getBody()) };
        settled(() => (answer ? resolve(answer) : reject(causeOf(error))));
      },
    });
    // tus says nothing any more once it was stopped.
    stall.signal.addEventListener('abort', () => {
      void running.abort();
      settled(() => reject(stall.reason(undefined)));
    });
    if (stall.signal.aborted) settled(() => reject(stall.reason(undefined)));
    else running.start();
  });
}

/** What tus carries around is not looked at: bytes come from `sourceOf`. */
const SOURCE = new Blob([]);

function sourceOf({ size, read }: FileUpload) {
  // One request at a time, each answered before the next: its bytes can take the place of those before.
  const step = new Uint8Array(Math.min(STEP, size));
  return {
    size,
    async slice(from: number, to: number) {
      const end = Math.min(to, size);
      const bytes = step.subarray(0, end - from);
      await read(from, bytes);
      // tus asks the body itself for its length.
      return { value: Object.assign(bytes, { size: bytes.length }), done: end >= size };
    },
    close: () => undefined,
  };
}

/** What our own parts threw inside of tus comes out as it was; everything else is the network's. */
function causeOf(error: Error | tus.DetailedError): unknown {
  const cause = 'causingError' in error ? error.causingError : error;
  return cause instanceof ClientError || cause instanceof StorageError || cause instanceof TypeError
    ? cause
    : new ClientError('unreachable', { cause });
}
