// "/batches" and "/batches/ID": what came together, and how far it is.

import { cancelBatch } from './actions.js';
import { get, query } from './api.js';
import { h } from './dom.js';
import { count, money, plural, time } from './format.js';
import { button, empty, facts, gauge, jobTable, pager, stateBar } from './parts.js';
import { hasEnded } from './states.js';

const LIMIT = 25;
const JOBS_SHOWN = 25;

const endedOf = (batch) =>
    Object.entries(batch.states).reduce(
        (sum, [state, number]) => sum + (hasEnded(state) ? number : 0),
        0,
    );

function costs({ cost }) {
    const parts = [`${money(cost.spent, cost.unit)} spent`];
    if (Number(cost.reserved)) parts.push(`${money(cost.reserved, cost.unit)} reserved`);
    if (Number(cost.uncertain)) parts.push(`${money(cost.uncertain, cost.unit)} uncertain`);
    return parts.join(', ');
}

function row(batch) {
    return h(
        'tr',
        { 'data-key': batch.id, 'data-row': `#/batches/${batch.id}` },
        h(
            'th',
            { scope: 'row' },
            h('a', { href: `#/batches/${batch.id}` }, batch.name ?? batch.id),
            h('span', { class: 'detail mono' }, batch.name ? batch.id : ''),
        ),
        h(
            'td',
            { 'data-label': 'Progress', class: 'wide' },
            stateBar(batch.states, batch.accepted),
        ),
        h(
            'td',
            { 'data-label': 'Ended', class: 'number' },
            `${count(endedOf(batch))} of ${count(batch.accepted)}`,
        ),
        h('td', { 'data-label': 'Cost', class: 'number' }, costs(batch)),
        h('td', { 'data-label': 'Age', class: 'number' }, time(batch.created_at, 'age')),
    );
}

export function batchesPage(_argument, parameters) {
    const cursor = parameters.get('cursor');
    return {
        title: 'Batches',
        async load(signal) {
            const { batches, next } = await get(
                `/v1/batches${query({ cursor, limit: LIMIT })}`,
                signal,
            );
            return [
                h('div', { class: 'title' }, h('h1', {}, 'Batches')),
                batches.length
                    ? h(
                          'table',
                          { class: 'batches' },
                          h('caption', { class: 'unseen' }, 'Batches, newest first'),
                          h(
                              'thead',
                              {},
                              h(
                                  'tr',
                                  {},
                                  h('th', { scope: 'col' }, 'Batch'),
                                  h('th', { scope: 'col' }, 'Progress'),
                                  ['Ended', 'Cost', 'Age'].map((name) =>
                                      h('th', { scope: 'col', class: 'number' }, name),
                                  ),
                              ),
                          ),
                          h('tbody', {}, batches.map(row)),
                      )
                    : empty('There is no batch.'),
                pager((to) => `#/batches${query({ cursor: to })}`, next, !cursor),
            ];
        },
    };
}

export function batchPage(reference) {
    let batch = null;
    return {
        title: `Batch ${reference}`,
        async load(signal) {
            const path = encodeURIComponent(reference);
            const [now, { jobs }] = await Promise.all([
                get(`/v1/batches/${path}`, signal),
                get(`/v1/jobs?batch=${path}&limit=${JOBS_SHOWN}`, signal),
            ]);
            batch = now;
            const { cost } = batch;
            const used = Number(cost.spent) + Number(cost.reserved) + Number(cost.uncertain);
            return [
                h(
                    'div',
                    { class: 'title' },
                    h('h1', { class: batch.name ? null : 'mono' }, batch.name ?? batch.id),
                    h(
                        'p',
                        {},
                        batch.ended_at
                            ? 'ended '
                            : `${plural(batch.accepted - endedOf(batch), 'job')} to go`,
                        batch.ended_at ? time(batch.ended_at) : null,
                    ),
                    batch.ended_at
                        ? null
                        : h('div', { class: 'controls' }, button('cancel', 'Cancel the batch…')),
                ),
                stateBar(batch.states, batch.accepted),
                facts([
                    ['Batch', h('span', { class: 'mono' }, batch.id)],
                    ['Came by', batch.source],
                    ['Submitted by', batch.principal],
                    ['Created', time(batch.created_at)],
                    ['Accepted', count(batch.accepted)],
                    ['Refused', count(batch.refused)],
                    ['Cost', costs(batch)],
                    [
                        'Results',
                        h(
                            'a',
                            {
                                href: `/v1/batches/${batch.id}/results`,
                                download: `${batch.id}.jsonl`,
                            },
                            'JSONL',
                        ),
                    ],
                    [
                        'Errors',
                        h(
                            'a',
                            {
                                href: `/v1/batches/${batch.id}/errors`,
                                download: `${batch.id}.errors.jsonl`,
                            },
                            'JSONL',
                        ),
                    ],
                ]),
                cost.budget === null
                    ? null
                    : gauge(
                          used,
                          Number(cost.budget),
                          'Budget',
                          `${money(used, cost.unit)} of ${money(cost.budget, cost.unit)}`,
                      ),
                h(
                    'section',
                    {},
                    h('h2', {}, 'Its newest jobs'),
                    jobTable(jobs, 'Jobs of the batch'),
                    h(
                        'p',
                        {},
                        h('a', { href: `#/jobs?batch=${batch.id}` }, 'all of them, with filters'),
                    ),
                ),
            ].filter(Boolean);
        },
        concerns: (event) => !batch || event.batch === batch.id,
        actions: { cancel: () => cancelBatch(batch) },
    };
}
