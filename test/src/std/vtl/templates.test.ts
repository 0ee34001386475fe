import { expect, test } from 'vitest';
import { evaluateTemplate } from '../../../../src/std/vtl/evaluate.ts';
import { parseTemplate } from '../../../../src/std/vtl/parse.ts';
import { TemplateError } from '../../../../src/std/vtl/syntax.ts';

const document = { name: 'x', list: [1, 2, { b: 'c' }], none: null, yes: true, deep: { a: { b: 7 } } };

function render(template: string, variables: Record<string, unknown> = {}) {
  const own = { doc: structuredClone(document), ...variables };
  return evaluateTemplate(parseTemplate(template), own);
}

function failureOf(template: string) {
  try {
    render(template);
  } catch (failure) {
    if (failure instanceof TemplateError) return `${failure.line}: ${failure.message}`;
    throw failure;
  }
  return 'no failure';
}

test.each([
  ['$doc.name ${doc.name}s $!doc.name', 'x xs x'],
  ['$doc.deep.a.b $doc.list[1] $doc.list.get(0) $doc["name"]', '7 2 1 x'],
  // What has no value prints nothing; a name that nobody set is text.
  ['[$doc.none][$doc.absent.further][$!nobody][$nobody.a("b")]', '[][][][$nobody.a("b")]'],
  ['$5 $ 100$ a@b.c #hash #{x} \\n', '$5 $ 100$ a@b.c #hash #{x} \\n'],
  ['\\$doc.name \\\\$doc.name \\#set', '$doc.name \\x #set'],
  ['a## comment\nb#* more\n *#c#[[$doc.name #if]]#', 'abc$doc.name #if'],
])('references: %s', (template, text) => {
  expect(render(template)).toBe(text);
});

test.each([
  ['$doc', '{name=x, list=[1,2,{"b":"c"}], none=null, yes=true, deep={a={b=7}}}'],
  ['$doc.list', '[1,2,{"b":"c"}]'],
  ['#set($l = [1, "a", [2]])$l', '[1, a, [2]]'],
  ['#set($m = {"a": 1, "b": {"c": [1]}})$m $m.b.c[0]', '{a=1, b={c=[1]}} 1'],
])('lists of a document print as JSON, all else as Java does: %s', (template, text) => {
  expect(render(template)).toBe(text);
});

test.each([
  ['#if($doc.yes)a#{else}b#end #if(!$doc.yes || $nobody)a#else b#end', 'a  b'],
  ['#if("")t#end#if(0)t#end#if([])t#end#if($doc.none)n#end', 'ttt'],
  ['#if(1 > 2)a#elseif(2 >= 2 && not false)b#{else}c#end', 'b'],
  ['#if("1" == 1)a#end#if($doc.none == $nobody)b#end#if($doc.name eq "x" and 1 lt 2)c#end', 'abc'],
  ['#if($doc.name != "")set#end', 'set'],
  [
    '#set($i = 7)#set($h = $i / 2)$h #set($r = $i % 4 + 2 * 3 - 1)$r #set($n = -$i)$n #set($d = 7.0 / 2.5)$d',
    '3 8 -7 2.8',
  ],
  ["#set($s = 'a' + 1 + $doc.name)$s #set($z = 1 / 0)[$z]", 'a1x []'],
  ['#set($a = {})#set($a.b = 1)#set($a["c d"] = 2)$a', '{b=1, c d=2}'],
])('conditions and sums: %s', (template, text) => {
  expect(render(template)).toBe(text);
});

test.each([
  ['#foreach($i in [1..3])$i#if($foreach.hasNext),#end#end', '1,2,3'],
  ['#foreach($i in [3..1])$foreach.index:$foreach.count:$i #end', '0:1:3 1:2:2 2:3:1 '],
  ['#foreach($i in [1..9])#if($i == 4)#break#end$i#end.', '123.'],
  ['#foreach($a in [1, 2])#foreach($b in {"x": 1, "y": 2})$b#break#end,#end', '1,1,'],
  [
    '#foreach($k in $doc.deep.keySet())$k#end#foreach($e in $doc.deep.a.entrySet())$e.key=$e.getValue()#end',
    'ab=7',
  ],
  ['#set($i = 0)#foreach($i in [1, 2])$i#end$i', '120'],
  ['#foreach($i in $doc.none)$i#end.', '.'],
  ['a#stop b', 'a'],
])('loops: %s', (template, text) => {
  expect(render(template)).toBe(text);
});

test.each([
  ['#macro(hello $n $m)<$n$!m>#end#hello("bob") #hello(1, 2)', '<bob> <12>'],
  ['#greet()#macro(greet)hi#end', 'hi'],
  ['#define($who)$doc.name#end#set($doc.name = "y")$who', 'y'],
  ['#set($t = "is $doc.name #if(true)!#end")$t #set($p = \'is $doc.name\')$p', 'is x ! is $doc.name'],
  [`#set($q = "say ""hi""")$q #set($w = 'it''s')$w #set($b = "\\")$b`, 'say "hi" it\'s \\'],
])('macros, definitions and texts: %s', (template, text) => {
  expect(render(template)).toBe(text);
});

test.each([
  [
    '$s.length() $s.toUpperCase() $s.substring(2) $s.substring(0, 1) $s.indexOf("b") $s.contains("c")',
    '5 A,B,C b,c a 2 true',
  ],
  [
    '$s.isEmpty() $s.matches("a.*") $s.matches("a") $s.equals("a,b,c") $s.startsWith("a") $s.concat("d")',
    'false true false true true a,b,cd',
  ],
  [
    '$s.replace(",", ";") $s.replaceAll("([ab])", "<$1>") $s.replaceFirst("[a-c]", "z")',
    'a;b;c <a>,<b>,c z,b,c',
  ],
  [
    '$s.split(",").size() $s.split(",")[1] $s.split("").size() #set($e = "a,b,,")$e.split(",").size()',
    '3 b 5 2',
  ],
  // The template of the Serverless Framework: what escapes a quote is taken away again.
  [`#set($x = "it\\'s")$x.replaceAll("\\\\'", "'")`, "it's"],
  ['#set($Integer = 0)#set($n = $Integer.parseInt("41") + 1)$n $n.toString().length()', '42 2'],
  [
    '#set($l = [])#set($ok = $l.add(1))#set($ok = $l.add(2))$l $l.size() $l.contains(2) $l.isEmpty() $l.remove(0) $l',
    '[1, 2] 2 true false 1 [2]',
  ],
  [
    '#set($m = {})#set($b = $m.put("a", 1))$m.get("a") $m.containsKey("b") $m.getOrDefault("b", 5) $m.size() $m.values()',
    '1 false 5 1 [1]',
  ],
  ['$m.nothing.size()', '$m.nothing.size()'],
])('methods: %s', (template, text) => {
  expect(render(template, { s: 'a,b,c' })).toBe(text);
});

test.each([
  ['#if(true)\n\na', '3: the #if of line 1 has no #end'],
  ['a\n#end', '2: #end without the #if or #foreach it belongs to'],
  ['#set($a 1)', '1: expected "=", found "1)"'],
  ['\n#set(a = 1)', '2: expected a variable such as "$name" after #set(, found "a = 1)"'],
  ['#foreach($a on $b)#end', '1: expected "$item in $list" after #foreach(, found "on $b)#end"'],
  ['#if($a == )a#end', '1: expected a value, found ")a#end"'],
  ['$doc.name.frobnicate()', '1: .frobnicate() is not understood here'],
  ['\n$doc.list.get(9)', '2: .get(): a list of 3 has no item 9'],
  ['#set($doc.name.a = 1)', '1: "$doc.name.a" cannot be set: there is no map to set it in'],
  ['#macro(again)#again()#end#again()', '1: "again" calls itself without end'],
  ['#evaluate("a")', '1: #evaluate is not understood here'],
  [`#set($a = ${'('.repeat(5000)}1)`, '1: it is nested too deeply'],
  [
    '#set($l = [1])#set($l[1000000000] = 1)',
    '1: "$l[1000000000]" cannot be set: there is no item 1000000000',
  ],
  ['#foreach($a in [1..1000000])x#end', '1: [1..1000000] has more than 500000 items'],
  ['#foreach($a in [1..2000])#foreach($b in [1..2000])x#end#end', '1: the template does not come to an end'],
])('what is wrong is said with its line: %s', (template, words) => {
  expect(failureOf(template)).toBe(words);
});

test('nothing of JavaScript is reached', () => {
  expect(render('[$doc.constructor][$doc.__proto__][$doc.name.length]')).toBe('[][][]');
  expect(failureOf('$doc.constructor("x")')).toBe('1: .constructor() is not understood here');
  render('#set($doc.__proto__ = {"polluted": 1})#set($__proto__ = 1)$doc.put("__proto__", {"polluted": 1})');
  expect(({} as Record<string, unknown>).polluted).toBeUndefined();
});
