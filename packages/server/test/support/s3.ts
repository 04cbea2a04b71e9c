import { hash, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

interface Stored {
  readonly body: Buffer;
  readonly meta: Record<string, string>;
  changed: Date;
}

interface Multipart {
  readonly key: string;
  readonly started: Date;
  readonly parts: Map<number, Buffer>;
}

/**
 * The few calls of S3 that the store makes, as their reference describes them: objects, ranges, multipart uploads, listings.
 * Not a stand-in for S3 itself: signatures are not checked, and nothing is eventual.
 */
export class SmallS3 {
  readonly objects = new Map<string, Stored>();
  readonly uploads = new Map<string, Multipart>();
  readonly calls: string[] = [];
  /** Answers 500 to calls that fit. */
  failing: ((call: string) => boolean) | undefined;
  endpoint = '';

  static async start(): Promise<SmallS3> {
    const s3 = new SmallS3();
    const server = createServer((incoming, outgoing) => {
      s3.#answer(incoming, outgoing).catch((error: unknown) => outgoing.destroy(error as Error));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => {
      server.close();
      server.closeAllConnections();
    });
    s3.endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    return s3;
  }

  async #answer(incoming: IncomingMessage, outgoing: ServerResponse) {
    const url = new URL(incoming.url ?? '', this.endpoint);
    const [, , ...path] = url.pathname.split('/');
    const key = decodeURIComponent(path.join('/'));
    const query = url.searchParams;
    query.delete('x-id');
    const call = `${incoming.method} ${key} ${[...query.keys()].sort().join(',')}`;
    this.calls.push(call);
    const body = await read(incoming);
    if (this.failing?.(call)) return refuse(outgoing, 500, 'InternalError');
    switch (`${incoming.method} ${key === '' ? 'bucket' : 'object'}`) {
      case 'GET bucket':
        return query.has('uploads') ? this.#listUploads(outgoing, query) : this.#listObjects(outgoing, query);
      case 'POST object':
        return query.has('uploads')
          ? this.#begin(outgoing, key)
          : this.#join(outgoing, key, query.get('uploadId') ?? '', body.toString());
      case 'PUT object':
        return query.has('uploadId')
          ? this.#part(outgoing, query, body)
          : this.#put(outgoing, key, body, incoming.headers);
      case 'GET object':
      case 'HEAD object':
        return query.has('uploadId')
          ? this.#listParts(outgoing, query.get('uploadId') ?? '')
          : this.#get(outgoing, key, incoming);
      case 'DELETE object':
        return this.#remove(outgoing, key, query.get('uploadId'));
      default:
        return refuse(outgoing, 405, 'MethodNotAllowed');
    }
  }

  #begin(outgoing: ServerResponse, key: string) {
    const id = randomUUID();
    this.uploads.set(id, { key, started: new Date(), parts: new Map() });
    const inner = `<Bucket>b</Bucket><Key>${key}</Key><UploadId>${id}</UploadId>`;
    xml(outgoing, 'InitiateMultipartUploadResult', inner);
  }

  #part(outgoing: ServerResponse, query: URLSearchParams, body: Buffer) {
    const upload = this.uploads.get(query.get('uploadId') ?? '');
    if (!upload) return refuse(outgoing, 404, 'NoSuchUpload');
    upload.parts.set(Number(query.get('partNumber')), body);
    outgoing.setHeader('etag', etag(body)).end();
  }

  #listParts(outgoing: ServerResponse, id: string) {
    const upload = this.uploads.get(id);
    if (!upload) return refuse(outgoing, 404, 'NoSuchUpload');
    const parts = [...upload.parts].sort(([a], [b]) => a - b);
    const inner = parts.map(
      ([number, body]) =>
        `<Part><PartNumber>${number}</PartNumber><ETag>${etag(body)}</ETag><Size>${body.length}</Size></Part>`,
    );
    xml(outgoing, 'ListPartsResult', `<IsTruncated>false</IsTruncated>${inner.join('')}`);
  }

  #join(outgoing: ServerResponse, key: string, id: string, body: string) {
    const upload = this.uploads.get(id);
    if (!upload) return refuse(outgoing, 404, 'NoSuchUpload');
    const numbers = [...body.matchAll(/<PartNumber>(\d+)<\/PartNumber>/g)].map(([, number]) =>
      Number(number),
    );
    const parts = numbers.map((number) => upload.parts.get(number) ?? Buffer.alloc(0));
    // All but the last are at least 5 MiB, as S3 demands.
    if (parts.slice(0, -1).some((part) => part.length < 5_242_880))
      return refuse(outgoing, 400, 'EntityTooSmall');
    this.uploads.delete(id);
    this.objects.set(key, { body: Buffer.concat(parts), meta: {}, changed: new Date() });
    xml(outgoing, 'CompleteMultipartUploadResult', `<Key>${key}</Key>`);
  }

  #put(outgoing: ServerResponse, key: string, body: Buffer, headers: IncomingMessage['headers']) {
    const meta = Object.entries(headers).filter(([name]) => name.startsWith('x-amz-meta-'));
    this.objects.set(key, {
      body,
      meta: Object.fromEntries(meta) as Record<string, string>,
      changed: new Date(),
    });
    outgoing.setHeader('etag', etag(body)).end();
  }

  #get(outgoing: ServerResponse, key: string, { headers, method }: IncomingMessage) {
    const found = this.objects.get(key);
    if (!found) return refuse(outgoing, 404, 'NoSuchKey', method === 'HEAD');
    for (const [name, value] of Object.entries(found.meta)) outgoing.setHeader(name, value);
    const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(headers.range ?? '') ?? [];
    const body = first === undefined ? found.body : found.body.subarray(Number(first), Number(last) + 1);
    outgoing.writeHead(first === undefined ? 200 : 206, {
      'content-length': body.length,
      'last-modified': found.changed.toUTCString(),
      etag: etag(found.body),
    });
    outgoing.end(method === 'HEAD' ? undefined : body);
  }

  #remove(outgoing: ServerResponse, key: string, upload: string | null) {
    if (upload !== null && !this.uploads.delete(upload)) return refuse(outgoing, 404, 'NoSuchUpload');
    if (upload === null) this.objects.delete(key);
    outgoing.writeHead(204).end();
  }

  /** Two at a time, so that whoever reads has to turn pages. */
  #listObjects(outgoing: ServerResponse, query: URLSearchParams) {
    const after = query.get('continuation-token') ?? '';
    const rest = [...this.objects].sort().filter(([key]) => key > after);
    const page = rest.slice(0, 2);
    const next = rest.length > 2 ? page.at(-1)?.[0] : undefined;
    const inner = page.map(
      ([key, { changed, body }]) =>
        `<Contents><Key>${key}</Key><LastModified>${changed.toISOString()}</LastModified><Size>${body.length}</Size></Contents>`,
    );
    const more = next ? `<NextContinuationToken>${next}</NextContinuationToken>` : '';
    xml(outgoing, 'ListBucketResult', `<IsTruncated>${!!next}</IsTruncated>${more}${inner.join('')}`);
  }

  #listUploads(outgoing: ServerResponse, query: URLSearchParams) {
    const [prefix, after] = [query.get('prefix') ?? '', query.get('key-marker') ?? ''];
    const all = [...this.uploads].map(([id, { key, started }]) => ({ id, key, started }));
    const rest = all.filter(({ key }) => key.startsWith(prefix) && key > after);
    const page = rest.sort((a, b) => (a.key < b.key ? -1 : 1)).slice(0, 2);
    const next = rest.length > 2 ? page.at(-1) : undefined;
    const inner = page.map(
      ({ id, key, started }) =>
        `<Upload><Key>${key}</Key><UploadId>${id}</UploadId><Initiated>${started.toISOString()}</Initiated></Upload>`,
    );
    const more = next
      ? `<NextKeyMarker>${next.key}</NextKeyMarker><NextUploadIdMarker>${next.id}</NextUploadIdMarker>`
      : '';
    xml(
      outgoing,
      'ListMultipartUploadsResult',
      `<IsTruncated>${!!next}</IsTruncated>${more}${inner.join('')}`,
    );
  }
}

async function read(incoming: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of incoming) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

const etag = (body: Buffer) => `"${hash('md5', body)}"`;

function xml(outgoing: ServerResponse, name: string, inner: string): void {
  outgoing.setHeader('content-type', 'application/xml');
  outgoing.end(`<?xml version="1.0" encoding="UTF-8"?><${name}>${inner}</${name}>`);
}

function refuse(outgoing: ServerResponse, status: number, code: string, empty = false) {
  outgoing.statusCode = status;
  if (empty) outgoing.end();
  else xml(outgoing, 'Error', `<Code>${code}</Code><Message>${code}</Message>`);
}
