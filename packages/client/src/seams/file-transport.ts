import type { Bytes } from '@sotto/protocol';
import type { HttpResponse } from './transport.ts';

/** The way of sealed files to the server and back (M6). It knows nothing of what it carries. */
export interface FileTransport {
  /**
   * Uploads by tus 1.0, from where the server has got to.
   * @returns the last answer: 2xx once the server has all of it, else what it refused with
   * @throws ClientError 'unreachable'; the reason of `signal`; whatever `read` and `prove` throw
   */
  upload(upload: FileUpload): Promise<HttpResponse>;
  /** Makes a file of its parts, once all are there (tus concatenation). @throws ClientError 'unreachable' */
  join(request: FileJoining): Promise<HttpResponse>;
  /** @throws ClientError 'unreachable', also from the body; the reason of `signal` */
  download(request: FileRequest): Promise<FileAnswer>;
  /** Ends an upload, or deletes what was uploaded (tus termination). @throws ClientError 'unreachable' */
  remove(request: { readonly path: string; readonly proof: string }): Promise<HttpResponse>;
}

export interface FileUpload {
  /** Path that announces the upload. */
  readonly create: string;
  /** Path of the file itself. */
  readonly path: string;
  /** False where the server cannot have heard of it yet: it is announced without asking first. */
  readonly known: boolean;
  /** True for an upload that becomes part of a file (`join`). */
  readonly partial?: boolean;
  /** Sealed bytes. */
  readonly size: number;
  readonly signal: AbortSignal;
  /** Fills `into` with the sealed bytes from `from` on. */
  read(from: number, into: Bytes): Promise<void>;
  /** D5: the proof of one request without a body. */
  prove(method: string, path: string): Promise<string>;
  onProgress(done: number): void;
}

export interface FileJoining {
  /** Path that announces the file. */
  readonly path: string;
  /** Paths of its parts, in their order. */
  readonly parts: readonly string[];
  readonly proof: string;
}

export interface FileRequest {
  readonly path: string;
  /** Sealed bytes `from` … `to` (exclusive). */
  readonly from: number;
  readonly to: number;
  readonly proof: string;
  readonly signal: AbortSignal;
}

export interface FileAnswer extends HttpResponse {
  /** Bytes of the whole file, as the server says; null where it does not. */
  readonly total: number | null;
  /** What was asked for, where the status is 206; to be read once. */
  readonly body: AsyncIterable<Bytes>;
}
