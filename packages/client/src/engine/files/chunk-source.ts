import { type Attachment, sealedRange, sealedSize } from '@sotto/crypto';
import { type Bytes, PATHS, release } from '@sotto/protocol';
import { ClientError, isUncertain } from '../../error.ts';
import { type FileAnswer, StorageError } from '../../seams/index.ts';
import { Backoff } from '../backoff.ts';
import { readAnswer } from '../calls.ts';
import { cut } from './bytes.ts';
import { sealedSizes } from './chunk-sizes.ts';
import type { FileContext } from './context.ts';
import { BrokenOff, badFile, Progress } from './failures.ts';

const TRIES = 5;

/** Sealed bytes of one file from the server, from a place on. @throws ClientError also from its body */
export async function fetchSealed(
  { calls, transport }: Pick<FileContext, 'calls' | 'transport'>,
  { file, size }: Attachment,
  { from, to, signal }: { from: number; to: number; signal: AbortSignal },
): Promise<AsyncIterable<Bytes>> {
  const path = PATHS.file(file);
  const ask = async (): Promise<FileAnswer> => {
    const proof = await calls.prove('GET', path);
    const answer = await transport.download({ path, from, to, proof, signal });
    if (answer.status !== 206) readAnswer<void>(answer, null);
    return answer;
  };
  const answer = await ask().catch(async (error: unknown) => {
    if (await calls.heeds(error)) return ask();
    throw error;
  });
  if (answer.status !== 206) throw new ClientError('bad_answer');
  // Attack 16: told before a byte of it is fetched.
  if (answer.total !== null && answer.total !== sealedSize(size)) {
    throw badFile(`it is ${answer.total < sealedSize(size) ? 'shorter' : 'longer'} than announced`);
  }
  return measured(answer.body, to - from);
}

async function* measured(body: AsyncIterable<Bytes>, size: number): AsyncGenerator<Bytes> {
  let left = size;
  for await (const part of body) {
    left -= part.length;
    if (left < 0) throw badFile('it is longer than announced');
    yield part;
  }
  if (left > 0) throw new BrokenOff();
}

/** Sealed chunks `first` … `last`: what is kept here, the rest from the server in one request. Not verified. */
export async function* sealedChunks(
  files: Pick<FileContext, 'calls' | 'clock' | 'sealed' | 'transport'>,
  attachment: Attachment,
  { first, last, signal }: { first: number; last: number; signal: AbortSignal },
): AsyncGenerator<Bytes> {
  const { clock, sealed } = files;
  const { file, size } = attachment;
  let next = first;
  const have = await sealed.size(file);
  let kept = next - 1;
  while (kept < last && sealedRange(kept + 1, size).end <= have) kept += 1;
  if (kept >= next) {
    try {
      const bytes = sealed.read(file, sealedRange(next, size).start, sealedRange(kept, size).end);
      for await (const chunk of cut(bytes, sealedSizes(next, kept, size), release)) {
        yield chunk;
        next += 1;
      }
    } catch (error) {
      if (!(error instanceof StorageError)) throw error; // it was evicted meanwhile: the server has it
    }
  }
  const backoff = new Backoff(clock);
  const progress = new Progress();
  for (let tries = 0; next <= last; ) {
    try {
      const range = { from: sealedRange(next, size).start, to: sealedRange(last, size).end, signal };
      const body = await fetchSealed(files, attachment, range);
      for await (const chunk of cut(body, sealedSizes(next, last, size), release)) {
        yield chunk;
        next += 1;
        tries = 0;
      }
    } catch (error) {
      if (error instanceof BrokenOff) progress.broken(next);
      tries += 1;
      if (!isUncertain(error) || signal.aborted || tries >= TRIES) throw error;
      await backoff.failed();
    }
  }
}
