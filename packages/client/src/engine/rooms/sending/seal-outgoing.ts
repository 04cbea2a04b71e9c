import { type EpochSecret, saidOf, sealMessage } from '@sotto/crypto';
import { type Ciphertext, type ClientFrame, toBase64Url } from '@sotto/protocol';
import type { OutboxRow, RoomRow } from '../../rows.ts';
import type { RoomContext } from '../context.ts';

type SendFrame = Extract<ClientFrame, { t: 'send' }>;

/** M1, M2, M3: seals what waits, in order, under the newest epoch; each as soon as the one before was taken. */
export async function* sealOutgoing(
  context: Pick<RoomContext, 'keys'>,
  { row, secret, first }: { readonly row: RoomRow; readonly secret: EpochSecret; readonly first: number },
  items: readonly OutboxRow[],
): AsyncGenerator<SendFrame> {
  const { self, signing } = context.keys;
  const { room, state } = row;
  const header = state.header?.header;
  const epoch = header?.epoch ?? 0;
  const list = header?.members.find((m) => m.account === self.account)?.list ?? 1;
  for (const [index, { id, content }] of items.entries()) {
    const body = await sealMessage(
      {
        kind: 'log',
        room,
        epoch,
        account: self.account,
        device: self.device,
        id,
        counter: first + index,
        list,
        seen: { position: state.position, chain: state.chain },
      },
      content,
      { secret, signing },
    );
    const said = saidOf(content)?.files ?? [];
    const files = said.length > 0 ? { files: said.map(({ file }) => file) } : {};
    yield { t: 'send', room, epoch, id, body: toBase64Url(body) as Ciphertext, ...files };
  }
}
