import assert from 'node:assert/strict';
import { it } from 'node:test';

import { calls } from '../../../web/js/text/calls.js';

function called(nick, texts) {
  for (const text of texts) assert.ok(calls(text, [nick], nick), text);
}

function notCalled(nick, texts) {
  for (const text of texts) assert.ok(!calls(text, [nick], nick), text);
}

it('a name is called with an @, anywhere', () => {
  called('李白', ['@李白', '问@李白你好', '看（@李白）', '@杜甫 @李白', '@@李白', 'a@b.example @李白']);
  notCalled('李白', ['李白', '@ 李白', '@', '@李', '@杜甫', '']);
});

it('capitals are the same as small letters', () => called('Ada', ['@ada', '@ADA 在吗', '你好@Ada。']));

it('an address calls nobody', () => {
  notCalled('example', ['a@example', 'a.@example', 'a_@example', 'a+b@example', '1@example']);
});

it('a longer name is another', () => {
  notCalled('Ada', ['@Adam', '@Ada2', '@ada_lovelace', '@adaé']);
  called('Ada', ['@Ada-2', '@Ada你好', "@Ada's"]);
  called('李白', ['@李白2']);
});

it('a longer name of somebody else is theirs', () => {
  assert.ok(!calls('@李白白', ['李白', '李白白'], '李白'));
  assert.ok(calls('@李白白', ['李白', '李白白'], '李白白'));
});

it('links and code call nobody, lists and quotes do', () => {
  notCalled('Ada', ['`@Ada`', '```\n@Ada\n```', 'https://a.example/@Ada']);
  called('Ada', ['- @Ada', '> @Ada', '**@Ada**', '> - *@Ada*']);
});

it('a name may have spaces, marks and emoji', () => {
  called('Ada Lovelace', ['@ada lovelace?']);
  called('🐳鲸', ['好@🐳鲸']);
  called('a.*', ['@a.*']);
  notCalled('a.*', ['@abc']);
});

it('who has no name is not called', () => {
  for (const nick of [null, '']) notCalled(nick, ['@', '@李白', '@null']);
});

it('a hostile text ends', () => notCalled('李白', ['@'.repeat(100_000), '@李'.repeat(50_000)]));
