import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applicationFlags } from '../../src/codegen/application-flag.js';
import { typescriptFor } from '../../src/codegen/typescript.js';
import { compile } from '../../src/project/compile.js';
import type { Project } from '../../src/project/project.js';
import { typeErrors } from './compiling.js';
import { shop } from './shop.js';

function projectOf(files: Readonly<Record<string, string>>, order = Object.keys(files)): Project {
  const { project, diagnostics } = compile(order.map((path) => ({ path, text: files[path] ?? '' })));
  expect(diagnostics).toEqual([]);
  if (project === undefined) throw new Error('no project');
  return project;
}

function codeFor(files: Readonly<Record<string, string>>): string {
  return typescriptFor(applicationFlags(projectOf(files))).text;
}

const APPLICATION = `
import type { Context, FlagClient, Json } from 'flagstaff/sdk';
import { anything, checkoutOnePage, greeting, searchLimit, theme } from './flags.js';

export function page(client: FlagClient, context: Context): string {
  const isOnePage: boolean = checkoutOnePage.get(client, context);
  const words: string = greeting.get(client, context);
  const limit: number = searchLimit.get(client, 10, context);
  const { colour, size = 1 } = theme.get(client, context);
  const either: 'blue' | 'green' = colour;
  const free: Json = anything.get(client);
  const variant: string | null = greeting.details(client, context).variant;
  const done: Promise<string> = checkoutOnePage.withFlag(client, { on: async () => 'new', off: async () => 'old' });
  return [isOnePage, words, limit, either, size + 1, free, variant, done].join(' ');
}
`;

/** Each line is wrong once the flag has changed or gone, and right before. */
const LINES = {
  gone: `import { greeting } from './after.js'; export { greeting };`,
  type: `import { checkoutOnePage as flag } from './after.js'; export const isOn = (client: FlagClient): boolean => flag.get(client);`,
  json: `import { theme } from './after.js'; export const size = (client: FlagClient): number | undefined => theme.get(client).size;`,
  default: `import { searchLimit } from './after.js'; export const limit = (client: FlagClient) => searchLimit.get(client, 1, {});`,
};

describe('generated TypeScript', () => {
  it('is what an application compiles with, until a flag goes or becomes another', { timeout: 60_000 }, () => {
    const { 'greeting.flag.yaml': _, 'one-page.production.override.yaml': __, ...rest } = shop;
    const after = {
      ...rest,
      'one-page.flag.yaml': 'key: checkout.one-page\ntype: string\nvariants: { a: x }\ndefault: a\n',
      'theme.flag.yaml':
        'key: theme\ntype: json\nvalue_schema: { type: object, properties: { colour: {} } }\nvariants: { plain: {} }\ndefault: plain\n',
      'limit.flag.yaml': 'key: search_limit\ntype: number\nvariants: { low: 5 }\ndefault: low\n',
    };
    const sdk = `import type { FlagClient } from 'flagstaff/sdk';\n`;
    const broken = Object.entries(LINES).map(([name, line]) => [`${name}.ts`, `${sdk}${line}`]);
    const whole = broken.map(([name, text]) => [`whole-${name}`, text?.replace('./after.js', './flags.js')]);
    const errors = typeErrors({
      'flags.ts': codeFor(shop),
      'after.ts': codeFor(after),
      'application.ts': APPLICATION,
      ...Object.fromEntries(broken),
      ...Object.fromEntries(whole),
    });
    expect(errors).toEqual({
      'flags.ts': [],
      'after.ts': [],
      'application.ts': [],
      'gone.ts': [expect.stringContaining("no exported member 'greeting'")],
      'type.ts': [expect.stringContaining("Type 'string' is not assignable to type 'boolean'")],
      'json.ts': [expect.stringContaining("Property 'size' does not exist")],
      'default.ts': [expect.stringContaining('Expected 1-2 arguments, but got 3')],
      'whole-gone.ts': [],
      'whole-type.ts': [],
      'whole-json.ts': [],
      'whole-default.ts': [],
    });
  });

  it('tells of a flag what its reader wants to know, and nobody can write a tag or end the comment', () => {
    expect(codeFor(shop)).toContain(`/**
 * One-page checkout *\\/
 * \\@internal is not a tag
 *
 * \`checkout.one-page\`: boolean flag (kill switch) of team-payments, to be removed by 2027-03-01.
 * Variants: \`on\`, \`off\`. Default: \`on\`.
 */
export const checkoutOnePage: BooleanFlag = /* @__PURE__ */ booleanFlag('checkout.one-page', true);`);
  });

  it('marks an archived flag as deprecated, so that its code can be found and the build goes on', () => {
    expect(codeFor(shop)).toMatch(/@deprecated archived[^/]*\*\/\nexport const oldBanner: BooleanFlag/);
  });

  it('takes from the SDK only what it uses, and is a module without any flag', () => {
    const { 'flagstaff.yaml': settings = '', 'greeting.flag.yaml': greeting = '' } = shop;
    expect(codeFor({ 'flagstaff.yaml': settings })).toContain('export {};');
    expect(codeFor({ 'flagstaff.yaml': settings, 'greeting.flag.yaml': greeting })).toContain(
      "import {\n  stringFlag,\n  type TypedFlag,\n} from 'flagstaff/sdk';",
    );
  });

  it('is the same whatever the order of the files', () => {
    const expected = codeFor(shop);
    fc.assert(
      fc.property(fc.shuffledSubarray(Object.keys(shop), { minLength: Object.keys(shop).length }), (order) => {
        expect(typescriptFor(applicationFlags(projectOf(shop, order))).text).toBe(expected);
      }),
      { numRuns: 20 },
    );
  });

  it('is written for 10,000 flags', () => {
    const flags = Array.from({ length: 10_000 }, (_, index) => ({
      key: `area-${index % 7}.flag_${index}`,
      type: 'boolean' as const,
      isArchived: false,
      variants: ['on', 'off'],
      fallback: { variant: 'off', value: false },
    }));
    expect(typescriptFor(flags).text.match(/^export const /gm)).toHaveLength(10_000);
  });

  it('is for the flags that were asked for', () => {
    const keysOf = (selection: Parameters<typeof applicationFlags>[1]) =>
      applicationFlags(projectOf(shop), selection).map(({ key }) => key);
    expect(keysOf({ tags: ['web'] })).toEqual(['checkout.one-page', 'greeting']);
    expect(keysOf({ audience: 'client' })).toEqual(['checkout.one-page']);
    expect(keysOf({ audience: 'server' })).toHaveLength(6);
  });
});
