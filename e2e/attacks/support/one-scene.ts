import { afterAll } from 'vitest';
import { type Scene, setScene } from './story.ts';

/** One scene for all tests of a file, which follow each other on it with people of their own; taken down behind the last. */
export async function oneScene(): Promise<Scene> {
  const scene = await setScene();
  afterAll(() => scene.end());
  return scene;
}
