// Pieces that several pages are made of.

import { h, svg } from './dom.js';
import { count, money, time, wish } from './format.js';
import { badge, hasEnded, STATES, toneOf } from './states.js';

export const empty = (...text) => h('p', { class: 'empty' }, text);

/** A button that a page's actions answer to (app.js). */
export const button = (action, label, { kind = 'secondary', ...attributes } = {}) =>
    h('button', { type: 'button', class: kind, 'data-action': action, ...attributes }, label);

/** Names and values; those without a value are left out. */
export function facts(pairs) {
    return h(
        'dl',
        { class: 'facts' },
        pairs
            .filter(([, value]) => value !== null && value !== undefined && value !== '')
            .map(([name, value]) => h('div', {}, h('dt', {}, name), h('dd', {}, value))),
    );
}

export function progress(job) {
    if (job.progress === null || job.progress === undefined || hasEnded(job.state)) return null;
    const percent = Math.floor(job.progress * 100);
    return h(
        'span',
        { class: 'progress' },
        h('progress', {
            max: 1,
            value: job.progress,
            'aria-label': `Progress of ${job.custom_id ?? job.id}`,
        }),
        ` ${percent} %`,
    );
}

/** What it cost, or what it is thought to. */
export function costOf({ cost }) {
    const sure = Number(cost.spent) + Number(cost.uncertain);
    if (sure > 0) {
        return h(
            'span',
            {},
            money(cost.spent + cost.uncertain, cost.unit),
            Number(cost.uncertain) > 0 ? h('span', { class: 'detail' }, ' uncertain') : null,
        );
    }
    if (cost.estimated === null) return h('span', { class: 'detail' }, 'no price');
    return h('span', { class: 'detail' }, `est. ${money(cost.estimated, cost.unit)}`);
}

function row(job) {
    const name = job.custom_id ?? job.id;
    const why = job.state === 'held' || job.failure ? (job.reason ?? job.failure?.message) : null;
    return h(
        'tr',
        { 'data-key': job.id, 'data-row': `#/jobs/${job.id}` },
        h('td', { class: 'state-cell' }, badge(job.state, job.partial ? '(partial)' : '')),
        h(
            'th',
            { scope: 'row' },
            h('a', { href: `#/jobs/${job.id}`, title: job.id }, name),
            h('span', { class: 'detail excerpt' }, wish(job.request).slice(0, 200)),
            why ? h('span', { class: 'detail reason' }, why) : null,
        ),
        h('td', { class: 'what' }, job.kind, h('span', { class: 'detail' }, job.model ?? job.op)),
        h('td', { class: 'account' }, job.account),
        h('td', { class: 'how-far' }, progress(job)),
        h('td', { class: 'cost number' }, costOf(job)),
        h('td', { class: 'age number' }, time(job.created_at, 'age')),
    );
}

const NUMBERS = new Set(['Cost', 'Age']);

export function jobTable(jobs, caption) {
    return h(
        'table',
        { class: 'jobs' },
        h('caption', { class: 'unseen' }, caption),
        h(
            'thead',
            {},
            h(
                'tr',
                {},
                ['State', 'Job', 'What', 'Account', 'Progress', 'Cost', 'Age'].map((name) =>
                    h('th', { scope: 'col', class: NUMBERS.has(name) ? 'number' : null }, name),
                ),
            ),
        ),
        h('tbody', {}, jobs.map(row)),
    );
}

/** How much of a whole is in each state: a bar for the eye, words for everybody. */
export function stateBar(states, total) {
    const parts = Object.keys(STATES).filter((state) => states[state] > 0);
    let x = 0;
    const order = (state) => (hasEnded(state) ? 0 : 1);
    parts.sort((a, b) => order(a) - order(b));
    const words = parts.map((state) => `${count(states[state])} ${state}`).join(', ');
    const bars = parts.map((state) => {
        const width = (100 * states[state]) / Math.max(1, total);
        x += width;
        return svg('rect', {
            x: `${x - width}%`,
            width: `${width}%`,
            height: '100%',
            class: `fill-${toneOf(state)}`,
        });
    });
    return h(
        'div',
        { class: 'state-bar' },
        svg('svg', { role: 'img', 'aria-label': words || 'no jobs', class: 'bar' }, bars),
        h('span', { class: 'detail' }, words || 'no jobs'),
    );
}

/** So much of a limit: a bar and the numbers; `note` says more. */
export function gauge(value, most, label, text, note) {
    return h(
        'div',
        { class: 'gauge' },
        h('span', {}, label),
        h('meter', { min: 0, max: Math.max(1, most), value, 'aria-label': `${label}: ${text}` }),
        h('span', { class: 'number' }, text),
        note === undefined ? null : h('span', { class: 'detail' }, note),
    );
}

/** The way on in a list that comes in pages. */
export function pager(hash, next, isFirst) {
    return h(
        'nav',
        { class: 'pager', 'aria-label': 'Pages of the list' },
        isFirst ? null : h('a', { href: hash('') }, 'Newest'),
        next ? h('a', { href: hash(next), rel: 'next' }, 'Older') : null,
    );
}
