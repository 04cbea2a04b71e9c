import { type MessageFormatElement, TYPE } from '@formatjs/icu-messageformat-parser';

/** Every element of a message, those inside of its plurals and selections too. */
export function* elementsOf(message: readonly MessageFormatElement[]): Generator<MessageFormatElement> {
  for (const element of message) {
    yield element;
    if (element.type === TYPE.plural || element.type === TYPE.select)
      for (const option of Object.values(element.options)) yield* elementsOf(option.value);
  }
}

/** The parameters of a message. */
export function parametersOf(message: readonly MessageFormatElement[]): Set<string> {
  const names = new Set<string>();
  for (const element of elementsOf(message))
    if (element.type !== TYPE.literal && element.type !== TYPE.pound) names.add(element.value);
  return names;
}
