import { deviceJson, personJson, roomJson } from '../text/json.ts';
import { deviceLine, peopleInOrder, personLine, roomLine, roomsInOrder } from '../text/words.ts';
import { changeMessages, search } from './change.ts';
import { changeTransfers, listFiles } from './files.ts';
import { deviceCalled } from './find.ts';
import { follow } from './follow.ts';
import { changeGroup } from './groups.ts';
import { invites } from './invites.ts';
import { notices } from './notices.ts';
import { trust } from './people.ts';
import { read } from './read.ts';
import { saveFiles } from './save.ts';
import { send } from './send.ts';
import { sendFiles } from './send-files.ts';
import { EXIT, type Exit, print, type Task } from './task.ts';
import { catchUp } from './wait.ts';

/** Does what was asked. @throws ClientError, UsageError for what cannot be done */
export async function runCommand(task: Task): Promise<Exit> {
  const { engine, request, io } = task;
  await catchUp(engine, io);
  switch (request.command) {
    case 'rooms':
      return print(task, roomsInOrder(engine.state), roomJson, roomLine);
    case 'people':
      return print(task, peopleInOrder(engine.state), personJson, personLine);
    case 'read':
      return read({ ...task, request });
    case 'send':
      return send({ ...task, request });
    case 'follow':
      return follow({ ...task, request });
    case 'send-files':
      return sendFiles({ ...task, request });
    case 'files':
      return listFiles({ ...task, request });
    case 'save':
      return saveFiles({ ...task, request });
    case 'pause':
    case 'resume':
    case 'cancel':
      return changeTransfers({ ...task, request });
    case 'edit':
    case 'delete':
    case 'react':
    case 'mute':
    case 'unmute':
    case 'retry':
    case 'discard':
      return changeMessages({ ...task, request });
    case 'search':
      return search({ ...task, request });
    case 'invite':
    case 'revoke-invites':
    case 'preview-invite':
    case 'join-invite':
      return invites({ ...task, request });
    case 'safety':
    case 'verify':
    case 'unverify':
    case 'accept-identity':
      return trust({ ...task, request });
    case 'notices':
    case 'dismiss':
      return notices({ ...task, request });
    case 'devices':
      return print(task, await engine.devices(), deviceJson, deviceLine);
    case 'rename-device':
      await engine.renameDevice(deviceCalled(await engine.devices(), request.device), request.name);
      return EXIT.done;
    case 'remove-devices': {
      const devices = await engine.devices();
      await engine.removeDevices(request.devices.map((name) => deviceCalled(devices, name)));
      return EXIT.done;
    }
    default:
      return changeGroup({ ...task, request });
  }
}
