import { memo, Suspense, useCallback, useState } from 'react';
import { useEngine, useEngineState } from '../app/engine-context.tsx';
import { useStore } from '../app/observable.ts';
import type { RoomId } from '../app/types.ts';
import { alarmWords } from '../conversation/event-words.ts';
import { ErrorText } from '../design/Field.tsx';
import { Recorder, TrayView } from '../files/later.ts';
import type { ReadyFile } from '../files/prepare/ready-file.ts';
import { type ErrorWords, errorWords } from '../texts/errors.ts';
import { Editor } from './Editor.tsx';
import { mentioned } from './mentioned.ts';
import { TargetBar } from './TargetBar.tsx';
import { useTarget } from './target.ts';
import { useSendFiles } from './use-send-files.ts';
import type { Writing } from './writing.ts';
import './composer.css';
import { useTexts } from '../texts/context.tsx';

/** Where one writes; or why one cannot, and what would change that. */
export const Composer = memo(function Composer({ room, writing }: { room: RoomId; writing: Writing }) {
  const texts = useTexts();
  const engine = useEngine();
  const [error, setError] = useState<ErrorWords | null>(null);
  const [recording, setRecording] = useState(false);
  const sendFiles = useSendFiles(room);
  const standing = useEngineState((state) => state.rooms.get(room)?.standing ?? 'removed');
  const blocked = useEngineState((state) => {
    const open = state.rooms.get(room);
    if (open?.security.state !== 'attention' || !open.security.blocksSending) return null;
    return alarmWords(texts, state, open, open.security.alarm).title;
  });
  const draft = useStore(writing.store);
  const target = useTarget(room, draft);
  const { reply } = draft;

  const attempt = useCallback(
    async (work: () => Promise<unknown>) => {
      setError(null);
      try {
        await work();
        return true;
      } catch (cause) {
        setError(errorWords(texts, cause));
        return false;
      }
    },
    [texts],
  );
  const sendVoice = useCallback(
    (file: ReadyFile) => {
      setRecording(false);
      writing.change({ reply: null });
      void attempt(() => sendFiles.voice(file, reply));
    },
    [attempt, sendFiles, reply, writing],
  );
  if (standing !== 'member') {
    return <p className="composer-closed">{texts.composer[standing]}</p>;
  }
  if (blocked !== null) {
    return <p className="composer-closed blocked">{texts.composer.blocked({ why: blocked })}</p>;
  }

  const sendText = async (body: string) => {
    if (target?.kind === 'edit') {
      if (body !== target.item?.body) await engine.messages.edit(room, target.position, body);
      return;
    }
    const mentions = mentioned(engine.state.rooms.get(room)?.members ?? [], body);
    await engine.messages.send(room, {
      body,
      ...(reply === null ? {} : { reply }),
      ...(mentions.length === 0 ? {} : { mentions }),
    });
  };
  return (
    <div className="composer">
      <ErrorText error={error} />
      {target && <TargetBar room={room} target={target} onCancel={() => writing.endTarget()} />}
      <Suspense>
        <TrayView room={room} />
      </Suspense>
      {recording ? (
        <Suspense>
          <Recorder room={room} onSend={sendVoice} onClose={() => setRecording(false)} />
        </Suspense>
      ) : (
        <Editor
          room={room}
          writing={writing}
          target={target}
          onSend={(body) => attempt(() => sendText(body))}
          onSendFiles={(body) => attempt(() => sendFiles.tray(body, reply))}
          onRecord={() => setRecording(true)}
        />
      )}
    </div>
  );
});
