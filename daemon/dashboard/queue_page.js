// "/": how the queue stands: what waits for a person, what is at work, how old it is.

import { resumeQueue, pauseQueue } from './actions.js';
import { get } from './api.js';
import { h } from './dom.js';
import { count, money, time } from './format.js';
import { button, empty, gauge, jobTable } from './parts.js';
import { badge, STATES } from './states.js';

const AT_WORK = ['running', 'submitting', 'fetching'];
const SHOWN = 10;

const listOf = (state, signal) => get(`/v1/jobs?state=${state}&limit=${SHOWN}`, signal);

function stateTable(stats) {
    const rows = Object.entries(STATES).map(([state, { says }]) => {
        const number = stats.states[state] ?? 0;
        return h(
            'tr',
            { class: number ? null : 'none', 'data-row': `#/jobs?state=${state}` },
            h(
                'th',
                { scope: 'row' },
                h(
                    'a',
                    { href: `#/jobs?state=${state}`, 'aria-label': `${state}: list` },
                    badge(state),
                ),
            ),
            h('td', { class: 'number', 'data-count': state }, count(number)),
            h(
                'td',
                { class: 'number', 'data-oldest': state },
                stats.oldest[state] ? time(stats.oldest[state], 'age') : '',
            ),
            h('td', { class: 'detail says' }, says),
        );
    });
    return h(
        'table',
        { class: 'states' },
        h('caption', { class: 'unseen' }, 'Jobs by state, with the age of the oldest'),
        h(
            'thead',
            {},
            h(
                'tr',
                {},
                h('th', { scope: 'col' }, 'State'),
                h('th', { scope: 'col', class: 'number' }, 'Jobs'),
                h('th', { scope: 'col', class: 'number' }, 'Oldest'),
                h('th', { scope: 'col', class: 'says' }, 'Meaning'),
            ),
        ),
        h('tbody', {}, rows),
    );
}

function budgets(stats) {
    const units = Object.entries(stats.budget);
    if (!units.length) return null;
    return h(
        'section',
        {},
        h('h2', {}, 'Budget of the day'),
        units.map(([unit, { day, used }]) =>
            gauge(Number(used), Number(day), unit, `${money(used, unit)} of ${money(day, unit)}`),
        ),
    );
}

function section(title, id, jobs, state, more, otherwise) {
    if (!jobs.length && !otherwise) return null;
    return h(
        'section',
        { 'aria-labelledby': id },
        h('h2', { id }, title),
        jobs.length ? jobTable(jobs, title) : empty(otherwise),
        more > jobs.length
            ? h('p', {}, h('a', { href: `#/jobs?state=${state}` }, `all ${count(more)}`))
            : null,
    );
}

export function queuePage() {
    let stats = null;
    return {
        title: 'Queue',
        async load(signal) {
            const lists = ['held', 'unknown', ...AT_WORK].map((state) => listOf(state, signal));
            const [now, held, unknown, ...working] = await Promise.all([
                get('/v1/stats', signal),
                ...lists,
            ]);
            stats = now;
            const work = working.flatMap((list) => list.jobs).slice(0, 2 * SHOWN);
            const atWork = AT_WORK.reduce((sum, state) => sum + stats.states[state], 0);
            return [
                h(
                    'div',
                    { class: 'title' },
                    h('h1', {}, 'Queue'),
                    h(
                        'p',
                        { class: 'detail' },
                        `${count(stats.open)} open of ${count(stats.jobs)} jobs, started `,
                        time(stats.started_at),
                        `, version ${stats.version}`,
                    ),
                    stats.paused
                        ? button('resume', 'Resume…', { kind: 'primary' })
                        : button('pause', 'Pause…'),
                ),
                section(
                    'Waits for a person',
                    'persons',
                    [...held.jobs, ...unknown.jobs],
                    'held',
                    stats.states.held,
                ),
                h(
                    'div',
                    { class: 'columns' },
                    h(
                        'section',
                        { 'aria-labelledby': 'states' },
                        h('h2', { id: 'states' }, 'States'),
                        stateTable(stats),
                        budgets(stats),
                    ),
                    section('At work', 'work', work, 'running', atWork, 'Nothing is at work.'),
                ),
            ];
        },
        actions: { pause: pauseQueue, resume: () => resumeQueue(stats) },
    };
}
