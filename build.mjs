/**
 * Builds dist/: TypeScript, the schema validators compiled ahead, and the program in few files.
 * The last two are for a quick start only; they change nothing that the program does.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Ajv2020 } from 'ajv/dist/2020.js';
import standaloneCode from 'ajv/dist/standalone/index.js';
import { rolldown } from 'rolldown';

/** Loaded by few commands, and not made to be bundled. */
const APART = [/^fastify/, /^@fastify\//, /^pino/, /^prom-client/, /^jose/, /^simple-git/, /^chokidar/];

const SCHEMAS = ['project', 'flag', 'override', 'segment', 'group', 'test'];

/** What was built before stays in use until all of the new is there. */
const NEXT = `dist-${process.pid}`;

try {
  compileTypes();
  await compileValidators();
  await bundleProgram();
  rmSync('dist', { recursive: true, force: true });
  renameSync(NEXT, 'dist');
} catch (error) {
  rmSync(NEXT, { recursive: true, force: true });
  throw error;
}

function compileTypes() {
  const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
  execFileSync(process.execPath, [tsc, '-p', 'tsconfig.build.json', '--outDir', NEXT], { stdio: 'inherit' });
}

/** Replaces `dist/schema/validators.js`, which compiles schemas when it runs, by what it would compile. */
async function compileValidators() {
  const { AJV_OPTIONS } = await import(`./${NEXT}/schema/options.js`);
  const ajv = new Ajv2020({ ...AJV_OPTIONS, code: { source: true, esm: true, lines: true } });
  const read = (name) => JSON.parse(readFileSync(`schemas/${name}.schema.json`, 'utf8'));
  ajv.addSchema(read('common'));
  for (const name of SCHEMAS) ajv.addSchema(read(name), name);
  const names = Object.fromEntries(SCHEMAS.map((name) => [`${name}Validator`, name]));
  const byName = SCHEMAS.map((name) => `${name}: ${name}Validator`).join(', ');
  const code = standaloneCode
    .default(ajv, names)
    .replaceAll(
      /const (\w+) = require\("([^"]+)"\)\.default;/g,
      (_, name, module) => `import ${name}Module from '${module}.js';\nconst ${name} = ${name}Module.default;`,
    );
  const lookup = `const validators = { ${byName} };\nexport const validatorOf = (name) => validators[name];\n`;
  writeFileSync(`${NEXT}/schema/validators.js`, `${code}\n${lookup}`);
}

/** `dist/program/`: what bin/flagstaff.js runs, one file for each group of commands that load together. */
async function bundleProgram() {
  const input = { main: `${NEXT}/cli/main.js`, terminal: `${NEXT}/cli/terminal.js` };
  const bundle = await rolldown({
    input,
    platform: 'node',
    external: APART,
    resolve: { mainFields: ['module', 'main'] },
    logLevel: 'warn',
  });
  await bundle.write({
    dir: `${NEXT}/program`,
    format: 'esm',
    entryFileNames: '[name].js',
    chunkFileNames: '[name]-[hash].js',
  });
}
