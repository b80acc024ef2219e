// Joins what can be done with rooms, for whom it is needed: its words, how it looks, its views.
import { dress, wordsBeside } from '../view/later.js';
import { About } from './about.js';
import { Asking } from './asking.js';
import { Directory } from './directory.js';
import { Ending } from './ending.js';
import { Invitations } from './invitations.js';
import { Invited } from './invited.js';
import { Make } from './make.js';
import { Members } from './members.js';
import { Menu } from './menu.js';
import { Switcher } from './switcher.js';

export async function gather(page) {
  const [words] = await Promise.all([wordsBeside(page.words, 'keeping', 'rooms'), dress('keeping'), dress('rooms')]);
  const context = { ...page, words };
  const asking = new Asking(context);
  const ending = new Ending(context, asking);
  const views = {
    about: new About(context, asking, ending),
    invitations: new Invitations(context, asking),
    members: new Members(context, asking),
    ending,
  };
  const make = new Make(context, asking);
  const makeOf = (name) => make.open({ name });
  return {
    make,
    invitations: views.invitations,
    directory: new Directory(context, makeOf),
    switcher: new Switcher(context, makeOf),
    menu: new Menu(context, views),
    invited: new Invited(asking),
    direct: (whom) => asking.direct(whom),
  };
}
