import { declareFactoryPlugin, PluginKind } from '@stryker-mutator/api/plugin';
import { strykerPlugins as original, strykerValidationSchema } from '@stryker-mutator/vitest-runner';

const [{ factory }] = original;

/**
 * Stryker's runner for Vitest, in step with Vitest 5: Stryker names a test by its suites and title with spaces between,
 * where Vitest now writes ` > `, so that no test would run at all and every fault would seem to survive.
 */
function create(injector) {
  const runner = factory(injector);
  const { init } = runner;
  runner.init = async () => {
    await init.call(runner);
    for (const { config } of runner.ctx.projects) acceptBothForms(config);
  };
  return runner;
}
create.inject = factory.inject;

function acceptBothForms(config) {
  let pattern;
  Object.defineProperty(config, 'testNamePattern', {
    enumerable: true,
    get: () => pattern,
    set: (value) => {
      pattern = value && new RegExp(value.source.replaceAll(' ', '(?: > | )'));
    },
  });
}

const plugins = [declareFactoryPlugin(PluginKind.TestRunner, 'vitest', create)];

export { plugins as strykerPlugins, strykerValidationSchema };
