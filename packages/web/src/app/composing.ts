/** What browsers give for a key that an input method takes, also where it has just ended (Safari). */
const TAKEN = 229;

/**
 * While an input method composes, its keys are its own: no field, list or shortcut of the page sees them. One place for all;
 * what the browser itself does with the key goes on.
 */
export function leaveComposingAlone(target: Pick<Window, 'addEventListener'>): void {
  const stop = (event: KeyboardEvent) => {
    if (event.isComposing || event.keyCode === TAKEN) event.stopImmediatePropagation();
  };
  for (const type of ['keydown', 'keyup'] as const) target.addEventListener(type, stop, { capture: true });
}
