import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aliasOf } from '../../src/lifecycle/names.js';
import { linesOf, mentionsIn, wantedOf } from '../../src/lifecycle/references.js';

const found = (text: string, aliases: readonly string[] = []) =>
  [...mentionsIn(text, wantedOf(['one-click', 'old'], aliases))].map(({ key, asked }) => (asked ? `${key}!` : key));

describe('mentions of flags in code', () => {
  it.each([
    ["flag('one-click')", ['one-click']],
    ['flag("one-click")', ['one-click']],
    ['flag(`one-click`)', ['one-click']],
    ["one-click 'one-click-2' 'one' \"one-click'", []],
    ["await client.getBooleanValue('one-click', false)", ['one-click!']],
    ["client.getBooleanValue('gone', false)", ['gone!']],
    ["client.getBooleanValue(\n  'gone',\n  false)", ['gone!']],
    ['client.getObjectDetails<Layout>("gone", {})', ['gone!']],
    ['client.get_string_value("gone", "x")', ['gone!']],
    ['client.BooleanValue(ctx, "gone", false, evalCtx)', ['gone!']],
    ['client.getBooleanValueAsync("gone", false)', ['gone!']],
    ["withFlag('gone', { on, off })", ['gone!']],
    ["client.getBooleanValue(\n\t'gone',\n\tfalse)", ['gone!']],
    ['client.getBooleanValue(\r\n\t"gone",\r\n\tfalse)', ['gone!']],
    ['json = "{\\"flag\\": \\"one-click\\"}"', ['one-click']],
    ["json = '{\\\\\\'flag\\\\\\': \\\\\\'one-click\\\\\\'}'", ['one-click']],
    ["'one-click\\'s'", []],
    ["z.string('gone')", []],
    ["getBooleanValue(name, 'gone2' + x)", ['gone2!']],
  ])('in %s', (text, keys) => {
    expect(found(text)).toEqual(keys);
  });

  it('by an alias, quoted or as a name', () => {
    expect(found("if (FEATURE_ONE_CLICK) on('FEATURE_OLD'); FEATURE_ONE_CLICKS", ['FEATURE_{constant}'])).toEqual([
      'old',
      'one-click',
      'old',
    ]);
  });

  it.each([
    ['flag: one-click\n', ['one-click']],
    ['x.one-click one-click.x one-click-x', []],
    ['(one-click), one-click. old\nold=1', ['old', 'old', 'one-click', 'one-click']],
  ])('without quotes by the alias {key} in %j', (text, keys) => {
    expect(found(text, ['{key}'])).toEqual(keys);
  });

  it('takes time that follows the length of the text', () => {
    const text = `(${' '.repeat(200)}`.repeat(2000) + "'x(".repeat(50_000) + '\\'.repeat(500_000);
    expect(found(text)).toEqual([]);
  });

  it('never throws, and gives offsets at which the key or its alias stands', () => {
    fc.assert(
      fc.property(
        fc.string({
          unit: fc.constantFrom("'", '"', '`', '(', 'old', 'one-click', ' ', '\n', '\\', 'getBooleanValue'),
        }),
        (text) => {
          for (const { key, offset } of mentionsIn(text, wantedOf(['old', 'one-click'], []))) {
            expect(text.startsWith(key, offset)).toBe(true);
          }
        },
      ),
    );
  });
});

describe('an alias', () => {
  it.each([
    ['{key}', 'one-click.checkout'],
    ['{camel}', 'oneClickCheckout'],
    ['use{pascal}', 'useOneClickCheckout'],
    ['{snake}', 'one_click_checkout'],
    ['{kebab}', 'one-click-checkout'],
    ['FEATURE_{constant}', 'FEATURE_ONE_CLICK_CHECKOUT'],
    ['{other}', '{other}'],
  ])('%s of one-click.checkout is %s', (template, name) => {
    expect(aliasOf(template, 'one-click.checkout')).toBe(name);
  });

  it('tells the words of a camel-case key apart', () => {
    expect(aliasOf('{constant}', 'oneClick.v2Checkout')).toBe('ONE_CLICK_V2_CHECKOUT');
  });
});

it('lines are counted from 1', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('a', '\n') }), (text) => {
      const offsets = Array.from(text, (_, at) => at);
      expect(linesOf(text, offsets)).toEqual(offsets.map((at) => text.slice(0, at).split('\n').length));
    }),
  );
});
