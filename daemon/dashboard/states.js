// The states of a job: their order, what each means, and how it looks: always a word with a colour.

import { h } from './dom.js';

export const STATES = {
    held: { tone: 'alarm', says: 'waits for a person' },
    unknown: { tone: 'alarm', says: 'may or may not have been bought; being found out' },
    submitting: { tone: 'work', says: 'the paid request is on its way' },
    running: { tone: 'work', says: 'the upstream works on it' },
    fetching: { tone: 'work', says: 'bought, being brought home' },
    canceling: { tone: 'off', says: 'a cancel waits for the upstream' },
    preparing: { tone: 'wait', says: 'made ready to be bought' },
    queued: { tone: 'wait', says: 'waits for its turn or an open gate' },
    blocked: { tone: 'wait', says: 'waits for other jobs' },
    succeeded: { tone: 'good', says: 'all is here' },
    failed: { tone: 'bad', says: 'ended without' },
    canceled: { tone: 'off', says: 'ended by request' },
};

const ENDED = new Set(['succeeded', 'failed', 'canceled']);
const UNBOUGHT = new Set(['blocked', 'queued', 'preparing']);

export const hasEnded = (state) => ENDED.has(state);
/** Nothing is paid for at the moment. */
export const isUnbought = (state) => UNBOUGHT.has(state);
export const toneOf = (state) => STATES[state]?.tone ?? 'off';

export function badge(state, more) {
    return h(
        'span',
        { class: `badge tone-${toneOf(state)}`, title: STATES[state]?.says, 'data-state': state },
        state,
        more ? ` ${more}` : null,
    );
}
