import { splitName } from '../names.ts';

/** A name on one line, cut before its ending: what a file is stays readable. Isolated from the direction of the text. */
export function FileName({ name }: { name: string }) {
  const { stem, ending } = splitName(name);
  return (
    <p className="file-name" title={name} dir="ltr">
      <bdi className="file-stem">{stem}</bdi>
      <bdi>{ending}</bdi>
    </p>
  );
}
