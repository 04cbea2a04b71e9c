import { PATHS } from '@sotto/protocol';
import { expect, test } from 'vitest';
import { joins } from '../support/trust.ts';
import { oneScene } from './support/one-scene.ts';
import { gather, until } from './support/story.ts';

const scene = await oneScene();

const ofInvites = (path: string) => path.includes('/invites/');

test('[attack 38] [R7] a link whose header is of another room, or that is over, lets nobody in, whatever the server says', async () => {
  const { liar } = scene;
  const [ann, ben, cat] = [await scene.person('Ann'), await scene.person('Ben'), await scene.person('Cat')];
  const here = await gather(ann, [ben], 'Here');
  const elsewhere = await gather(ann, [ben], 'Elsewhere');
  const fragment = await ann.rooms.createInvite(here, Date.now() + 3_600_000);
  const soon = Date.now() + 3_000;
  const brief = await ann.rooms.createInvite(elsewhere, soon);
  const answers: unknown[] = [];
  const posted: string[] = [];
  liar.asked = ({ method, path }) => void (method === 'POST' && posted.push(path));
  liar.answer = ({ path, json }) => void (ofInvites(path) && answers.push(json));
  await cat.rooms.previewInvite(fragment);
  const shown = await cat.rooms.previewInvite(brief);
  const [ofHere, ofElsewhere] = answers;
  const showing = (json: unknown) => {
    liar.instead = ({ path }) => {
      if (!ofInvites(path)) return undefined;
      return { status: 200, json: path.includes('after=') ? { headers: [] } : json };
    };
  };
  // The same secret under another room's id: the invite stands in a true header, yet not in one of that room.
  showing(ofHere);
  const [, secret = ''] = fragment.split('.');
  await expect(cat.rooms.previewInvite(`${elsewhere}.${secret}`)).rejects.toMatchObject({ rule: 'R7' });
  // A header in which the link was open, shown for ever.
  showing(ofElsewhere);
  await until(() => Date.now() > soon, 'it is over');
  await expect(cat.rooms.previewInvite(brief)).rejects.toMatchObject({ code: 'invite_expired' });
  await expect(cat.rooms.join(brief, shown)).rejects.toMatchObject({ code: 'invite_expired' });
  expect(posted).not.toContain(PATHS.epochs(elsewhere));
  liar.behave();
  await joins(cat, fragment);
  await until(() => cat.state.rooms.get(here)?.standing === 'member', 'the honest link works');
});
