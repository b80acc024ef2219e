// What it takes to search: its words, how it looks, its view.
import { queryOf, request } from '../line/request.js';
import { dress, wordsBeside } from '../view/later.js';
import { Panel } from './panel.js';

const find = (asked, signal) => request('GET', `/search${queryOf(asked)}`, { signal });

export async function gather(page) {
  const [words] = await Promise.all([wordsBeside(page.words, 'searching'), dress('searching')]);
  return new Panel({ ...page, words }, find);
}
