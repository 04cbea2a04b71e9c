/** What opens above the conversations, with the component library under it: loaded after the first screen. */
export { EmojiButton } from '../composer/EmojiButton.tsx';
export { MessageDetails } from '../conversation/MessageDetails.tsx';
export { MessageMenu } from '../conversation/MessageMenu.tsx';
export { ReactionPicker } from '../conversation/ReactionPicker.tsx';
export { ConfirmDialog } from '../design/Dialog.tsx';
export { DetailsPanel } from '../details/DetailsPanel.tsx';
export { DevicesPage } from '../devices/DevicesPage.tsx';
export { NewGroupDialog } from '../list/NewGroupDialog.tsx';
export { RequestsPage } from '../requests/RequestsPage.tsx';
export { Settings } from '../settings/Settings.tsx';
export { JumpDialog } from './JumpDialog.tsx';
