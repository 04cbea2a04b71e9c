import { FileIdSchema, parseValue } from '@sotto/protocol';
import type { Blobs } from './blobs.ts';
import { S3Uploads } from './s3-uploads.ts';
import type { BlobParts, Bucket } from './settings.ts';

/** D8: sealed bytes in an S3 bucket that is Sotto's alone. Credentials and region come from the usual AWS variables. */
export function openS3Blobs(bucket: Bucket, parts: BlobParts): Blobs {
  const uploads = new S3Uploads(bucket, parts);
  return {
    uploads,
    takesParts: false,
    async finish(file) {
      const size = await uploads.sizeOf(file);
      if (size !== undefined) return size;
      const row = await parts.files.get(file);
      if (!row || (await uploads.getUpload(file)).offset !== row.size) return undefined;
      await uploads.join(file);
      return uploads.sizeOf(file);
    },
    size: (file) => uploads.sizeOf(file),
    read: (file, range) => uploads.readRange(file, range),
    remove: (file) => uploads.remove(file),
    async *list() {
      for await (const { key, changed } of uploads.keys()) {
        const file = parseValue(FileIdSchema, key.replace(/\.(info|part)$/, ''));
        if (file.ok) yield { file: file.value, changed };
      }
    },
    free: async () => null,
  };
}
