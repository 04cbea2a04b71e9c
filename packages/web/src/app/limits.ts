/** Limits of the protocol that the interface tells in time; the engine enforces them. */
export const TEXT_BYTES = 32_768;
export const ROOM_MEMBERS = 50;
export const NAME_LENGTH = 40;
export const PASSWORD_LENGTH = 8;
/** M6: files of one message; what it carries of each. */
export const MESSAGE_FILES = 10;
export const FILE_NAME_BYTES = 255;
export const THUMBNAIL_BYTES = 6_144;
/** M3: what a message can tell of its files, their caption and thumbnails included. */
export const FILES_CONTENT_BYTES = 34_816;
export const WAVEFORM_STEPS = 64;
