import type { EngineState, Room } from '@sotto/client';
import { memo, useMemo } from 'react';
import { useEngineState } from '../app/engine-context.tsx';
import type { RoomId } from '../app/types.ts';
import { type Token, tokenize } from './markup.ts';

/** The text of a message: text nodes, links, code and mentions, never markup of the sender's (attack 31). */
export const MessageBody = memo(function MessageBody({ room, body }: { room: RoomId; body: string }) {
  const members = useEngineState((state) => state.rooms.get(room)?.members);
  const self = useEngineState((state) => state.self.name);
  const tokens = useMemo(() => tokenize(body, namesOf(members, self)), [body, members, self]);
  return (
    <div className="message-body">
      {tokens.map((token, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: tokens have no identity but their place
        <TokenView key={index} token={token} self={self} />
      ))}
    </div>
  );
});

const namesOf = (
  members: Room['members'] | undefined,
  self: EngineState['self']['name'],
): readonly string[] => (members ? members.map((member) => member.name) : [self]);

function TokenView({ token, self }: { token: Token; self: string }) {
  switch (token.type) {
    case 'text':
      return token.text;
    case 'link':
      return (
        <>
          <a href={token.href} target="_blank" rel="noopener noreferrer" title={token.href}>
            {token.text}
          </a>
          {token.host && <span className="link-host"> ({token.host})</span>}
        </>
      );
    case 'code':
      return <code>{token.text}</code>;
    case 'block':
      return (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: long lines scroll, also by keyboard
        <pre tabIndex={0}>
          <code>{token.text}</code>
        </pre>
      );
    case 'mention':
      return <span className={token.name === self ? 'mention self' : 'mention'}>{token.text}</span>;
  }
}
