// The line above the first message that was not read.
import { element } from './element.js';

export class Divider {
  constructor(words) {
    this.node = element('li', 'divider', element('span', '', words.say('log.unread')));
  }

  draw() {
    // It says always the same.
  }
}
