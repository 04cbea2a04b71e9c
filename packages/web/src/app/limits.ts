/** Limits of the protocol that the interface tells in time; the engine enforces them. */
export const TEXT_BYTES = 32_768;
export const ROOM_MEMBERS = 50;
export const NAME_LENGTH = 40;
export const PASSWORD_LENGTH = 8;
