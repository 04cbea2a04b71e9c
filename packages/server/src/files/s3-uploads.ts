import type { Readable } from 'node:stream';
import { type FileId, parseFileId } from '@sotto/protocol';
import { S3Store } from '@tus/s3-store';
import { ERRORS, Upload as TusUpload, type Upload } from '@tus/server';
import type { ByteRange } from './blobs.ts';
import { Recent } from './recent.ts';
import type { BlobParts, Bucket } from './settings.ts';

/** Parts on their way to S3 at once; each waits as a file in the folder for temporary files. */
const PARTS = 16;
const PART_BYTES = 8_388_608;
/** Uploads of which the S3 ids are remembered. */
const REMEMBERED = 1_000;

/**
 * tus' store on S3: an upload is a multipart upload there, with what is too short for a part in an object of its own. What S3
 * has acknowledged is durable (D2).
 */
export class S3Uploads extends S3Store {
  readonly #rows: BlobParts['files'];
  readonly #now: () => number;

  constructor({ name, endpoint }: Bucket, { files, now, looseAge }: BlobParts) {
    super({
      partSize: PART_BYTES,
      maxConcurrentPartUploads: PARTS,
      expirationPeriodInMilliseconds: looseAge,
      useTags: false,
      cache: new Recent(REMEMBERED),
      s3ClientConfig: {
        bucket: name,
        // Not every server that speaks S3 knows the newer checksums, or answers at a host per bucket.
        requestChecksumCalculation: 'WHEN_REQUIRED',
        responseChecksumValidation: 'WHEN_REQUIRED',
        ...(endpoint === null ? {} : { endpoint, forcePathStyle: true }),
      },
    });
    this.extensions = ['creation', 'termination', 'expiration'];
    this.#rows = files;
    this.#now = now;
  }

  /** Leaves what is there: creation is asked for again where its answer was lost. */
  override async create(upload: Upload): Promise<Upload> {
    const known = await this.#stands(upload.id);
    return known ? upload : super.create(upload);
  }

  override async getUpload(id: string): Promise<Upload> {
    const row = await this.#rows.get(parseFileId(id));
    if (!row) throw ERRORS.FILE_NOT_FOUND;
    const { offset, size } = await super.getUpload(id);
    // What a message holds never expires: to tus it is always new.
    const created = row.position === null ? { creation_date: new Date(row.touched).toISOString() } : {};
    return new TusUpload({ id, offset, ...(size === undefined ? {} : { size }), ...created });
  }

  override async write(readable: Readable, id: string, offset: number): Promise<number> {
    const end = await super.write(readable, id, offset);
    await this.#rows.progress(parseFileId(id), end, this.#now());
    return end;
  }

  /** All of it, in whatever state; tus' own stops at an upload that is complete. */
  override async remove(id: string): Promise<void> {
    const Bucket = this.bucket;
    const { Uploads = [] } = await this.client.listMultipartUploads({ Bucket, Prefix: id });
    for (const { Key, UploadId } of Uploads) {
      if (Key === id && UploadId) await this.client.abortMultipartUpload({ Bucket, Key, UploadId });
    }
    for (const Key of [id, this.partKey(id, true), this.infoKey(id)]) {
      await this.client.deleteObject({ Bucket, Key });
    }
    await this.clearCache(id);
  }

  /** After a crash between the last part and its end, the parts are still apart. */
  async join(file: FileId): Promise<void> {
    await this.finishMultipartUpload(await this.getMetadata(file), await this.retrieveParts(file));
    await this.clearCache(file);
  }

  /** Bytes of a finished object; undefined where there is none. */
  async sizeOf(file: FileId): Promise<number | undefined> {
    try {
      return (await this.client.headObject({ Bucket: this.bucket, Key: file })).ContentLength;
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  }

  async *readRange(file: FileId, { start, end }: ByteRange): AsyncGenerator<Uint8Array> {
    const Range = `bytes=${start}-${end}`;
    const { Body } = await this.client.getObject({ Bucket: this.bucket, Key: file, Range });
    yield* Body as Readable; // in Node it always is one
  }

  /** Keys of everything in the bucket, unfinished uploads too, with the time of their last change. */
  async *keys(): AsyncIterable<{ key: string; changed: number }> {
    yield* this.#objects();
    yield* this.#unfinished();
  }

  async *#objects() {
    let after: string | undefined;
    do {
      const query = { Bucket: this.bucket, ...(after ? { ContinuationToken: after } : {}) };
      const page = await this.client.listObjectsV2(query);
      for (const { Key, LastModified } of page.Contents ?? []) yield* named(Key, LastModified);
      after = page.NextContinuationToken;
    } while (after);
  }

  async *#unfinished() {
    let key: string | undefined;
    let upload: string | undefined;
    do {
      const after = { ...(key ? { KeyMarker: key } : {}), ...(upload ? { UploadIdMarker: upload } : {}) };
      const page = await this.client.listMultipartUploads({ Bucket: this.bucket, ...after });
      for (const { Key, Initiated } of page.Uploads ?? []) yield* named(Key, Initiated);
      key = page.IsTruncated ? page.NextKeyMarker : undefined;
      upload = page.NextUploadIdMarker;
    } while (key);
  }

  async #stands(id: string): Promise<boolean> {
    try {
      await super.getUpload(id);
      return true;
    } catch (error) {
      if (error === ERRORS.FILE_NOT_FOUND) return false;
      throw error;
    }
  }
}

function* named(key: string | undefined, time: Date | undefined) {
  if (key !== undefined) yield { key, changed: time?.getTime() ?? 0 };
}

const isNotFound = (error: unknown): boolean =>
  error instanceof Error && ['NotFound', 'NoSuchKey'].includes(error.name);
