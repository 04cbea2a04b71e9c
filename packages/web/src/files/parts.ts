/** What conversations show of files: loaded once, right after the first screen. */
export { AttachButton } from './AttachButton.tsx';
export { DropTarget } from './DropTarget.tsx';
export { FilesLayer } from './FilesLayer.tsx';
export { FilesSection } from './FilesSection.tsx';
export { KeptFiles } from './KeptFiles.tsx';
export { MessageFiles } from './MessageFiles.tsx';
export { Recorder } from './Recorder.tsx';
export { TrayView } from './TrayView.tsx';
export { VoiceButton } from './VoiceButton.tsx';
