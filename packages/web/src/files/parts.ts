/** What conversations show of files: loaded once, right after the first screen. */
export { AttachButton } from './choose/AttachButton.tsx';
export { DropTarget } from './choose/DropTarget.tsx';
export { TrayView } from './choose/TrayView.tsx';
export { FilesSection } from './list/FilesSection.tsx';
export { KeptFiles } from './list/KeptFiles.tsx';
export { Recorder } from './record/Recorder.tsx';
export { VoiceButton } from './record/VoiceButton.tsx';
export { MessageFiles } from './show/MessageFiles.tsx';
export { FilesLayer } from './transfer/FilesLayer.tsx';
