// "/jobs/ID": one job: what was asked, what keeps it, what came of it, and what it cost.

import { cancelJob, resolveJob, retryJob } from './actions.js';
import { get } from './api.js';
import { h } from './dom.js';
import { count, money, time, wish } from './format.js';
import { button, facts, progress } from './parts.js';
import { artifacts } from './player.js';
import { badge, hasEnded, isUnbought } from './states.js';

function controls(job) {
    const ended = hasEnded(job.state);
    const canResolve = job.state === 'held' || job.state === 'unknown';
    const canCancel = !ended && job.state !== 'canceling' && !job.cancel_waits;
    const canRetry = ended || job.state === 'held';
    return h(
        'div',
        { class: 'controls' },
        canResolve ? button('resolve', 'Resolve…', { kind: 'primary' }) : null,
        canRetry ? button('retry', 'Retry…') : null,
        canCancel ? button('cancel', isUnbought(job.state) ? 'Cancel' : 'Cancel…') : null,
    );
}

function gates(job, ahead) {
    if (!job.gates?.length && ahead === null) return null;
    const list = (job.gates ?? []).map((gate) =>
        h(
            'li',
            {},
            h('strong', {}, gate.gate),
            gate.account ? ` (${gate.account})` : '',
            `: ${gate.detail}`,
            gate.opens_at
                ? h('span', { class: 'detail' }, ', at the latest ', time(gate.opens_at))
                : null,
        ),
    );
    return h(
        'section',
        {},
        h('h2', {}, 'Why it waits'),
        list.length
            ? h('ul', { class: 'plain' }, list)
            : h('p', {}, 'Nothing keeps it: it goes with the next free worker.'),
        ahead ? h('p', { class: 'detail' }, `About ${count(ahead)} go before it.`) : null,
    );
}

function failure({ failure: why, state, cost }) {
    if (!why) return null;
    const billed = Number(cost.uncertain) > 0 ? 'may have been billed' : why.billed && 'billed';
    return h(
        'section',
        { class: state === 'failed' ? 'failure' : null },
        h('h2', {}, 'What went wrong'),
        h('p', {}, why.message),
        h(
            'p',
            { class: 'detail' },
            [
                why.class,
                why.code === why.class ? '' : why.code,
                why.retryable ? 'worth another try' : '',
                billed,
            ]
                .filter(Boolean)
                .join(' · '),
        ),
        why.upstream
            ? h(
                  'details',
                  {},
                  h('summary', {}, "The upstream's own words"),
                  h(
                      'pre',
                      { class: 'text' },
                      typeof why.upstream === 'string'
                          ? why.upstream
                          : JSON.stringify(why.upstream, null, 2),
                  ),
              )
            : null,
    );
}

function costs(job, rows) {
    const { cost } = job;
    return h(
        'section',
        {},
        h('h2', {}, 'Cost'),
        facts([
            ['Estimated', money(cost.estimated, cost.unit)],
            ['Spent', money(cost.spent, cost.unit)],
            ['Reserved', Number(cost.reserved) ? money(cost.reserved, cost.unit) : null],
            ['Uncertain', Number(cost.uncertain) ? money(cost.uncertain, cost.unit) : null],
            ['At most', job.max_cost === null ? null : money(job.max_cost, cost.unit)],
            ['Purchases', `${job.attempt} of ${job.max_attempts}`],
        ]),
        rows.length
            ? h(
                  'table',
                  {},
                  h('caption', { class: 'unseen' }, 'Purchases'),
                  h(
                      'thead',
                      {},
                      h(
                          'tr',
                          {},
                          ['Send', 'Status', 'Amount', 'Account', 'Why', 'When'].map((n) =>
                              h('th', { scope: 'col' }, n),
                          ),
                      ),
                  ),
                  h(
                      'tbody',
                      {},
                      rows.map((row) =>
                          h(
                              'tr',
                              { 'data-key': `send${row.send}` },
                              h('th', { scope: 'row', 'data-label': 'Send' }, String(row.send)),
                              h('td', { 'data-label': 'Status' }, row.status),
                              h('td', { 'data-label': 'Amount' }, money(row.amount, row.unit)),
                              h('td', { 'data-label': 'Account' }, row.account),
                              h('td', { 'data-label': 'Why' }, row.why),
                              h('td', { 'data-label': 'When' }, time(row.at)),
                          ),
                      ),
                  ),
              )
            : null,
    );
}

function history(events) {
    return h(
        'section',
        {},
        h('h2', {}, 'History'),
        h(
            'ol',
            { class: 'history', reversed: true },
            [...events]
                .reverse()
                .map((event) =>
                    h(
                        'li',
                        { 'data-key': `event${event.seq}` },
                        h('span', { class: 'when' }, time(event.at)),
                        badge(event.to ?? 'gone'),
                        h(
                            'span',
                            {},
                            h('span', { class: 'mono' }, event.event),
                            event.account ? ` at ${event.account}` : '',
                            event.send ? ` (send ${event.send})` : '',
                            event.detail ? h('span', { class: 'detail' }, event.detail) : null,
                        ),
                    ),
                ),
        ),
    );
}

function about(job) {
    const labels = Object.entries(job.labels)
        .map(([name, value]) => `${name}=${value}`)
        .join(', ');
    return facts([
        ['Kind', job.kind],
        ['Op', h('span', { class: 'mono' }, job.op)],
        ['Model', job.model],
        ['Account', job.account],
        [
            'Batch',
            job.batch ? h('a', { href: `#/batches/${job.batch}`, class: 'mono' }, job.batch) : null,
        ],
        ['Labels', labels],
        ['Priority', String(job.priority)],
        ['Submitted by', job.principal],
        [
            'Task',
            job.task
                ? h('span', { class: 'mono' }, job.tasks.map((task) => task.id).join(', '))
                : null,
        ],
        ['Upstream says', job.upstream_state],
        ['Created', time(job.created_at)],
        ['Changed', time(job.updated_at)],
        ['Ended', job.finished_at ? time(job.finished_at) : null],
        ['Expected', job.eta ? time(job.eta) : null],
        ['Not before', job.not_before ? time(job.not_before) : null],
        ['Deadline', job.deadline ? time(job.deadline) : null],
        [
            'After',
            job.after.length
                ? job.after.map((id) => h('a', { href: `#/jobs/${id}`, class: 'mono' }, `${id} `))
                : null,
        ],
    ]);
}

/** Why the reader will be refused, before he tries. */
function strangersNote(job, me) {
    if (me.admin || job.principal === me.principal) return null;
    return h(
        'p',
        { class: 'detail' },
        `You are ${me.principal}: you may look. Only ${job.principal}, who submitted it, ` +
            'or an admin may act on it.',
    );
}

function page(job, { events, rows, ahead, me, players }) {
    const said = wish(job.request);
    return [
        h(
            'div',
            { class: 'title' },
            h('h1', { class: job.custom_id ? null : 'mono' }, job.custom_id ?? job.id),
            h(
                'p',
                {},
                h('span', { role: 'status' }, badge(job.state, job.partial ? '(partial)' : '')),
                job.late ? h('span', { class: 'flag' }, 'late') : null,
                job.overdue ? h('span', { class: 'flag' }, 'overdue') : null,
                job.cancel_waits ? h('span', { class: 'flag' }, 'a cancel waits') : null,
                ' ',
                progress(job),
            ),
            controls(job),
        ),
        job.custom_id ? h('p', { class: 'detail mono' }, job.id) : null,
        job.reason && job.reason !== job.failure?.message
            ? h('p', { class: 'reason' }, job.reason)
            : null,
        strangersNote(job, me),
        h(
            'div',
            { class: 'columns job', 'data-key': 'columns' },
            h(
                'div',
                { 'data-key': 'came' },
                said ? h('blockquote', {}, said) : null,
                job.artifacts.length
                    ? h(
                          'section',
                          {
                              'aria-label': 'Artifacts',
                              class: 'artifacts',
                              'data-key': 'artifacts',
                          },
                          artifacts(job, players),
                      )
                    : null,
                job.result
                    ? h(
                          'section',
                          {},
                          h('h2', {}, 'Result'),
                          h('pre', { class: 'text' }, JSON.stringify(job.result, null, 2)),
                      )
                    : null,
                failure(job),
                gates(job, ahead),
                history(events),
            ),
            h(
                'div',
                {},
                h('section', {}, h('h2', {}, 'About'), about(job)),
                costs(job, rows),
                h(
                    'details',
                    {},
                    h('summary', {}, 'The request as it was handed in'),
                    h('pre', { class: 'text' }, JSON.stringify(job.request, null, 2)),
                ),
            ),
        ),
    ];
}

export function jobPage(reference, _parameters, me) {
    let job = null;
    const players = new Map();
    const path = `/v1/jobs/${encodeURIComponent(reference)}`;
    return {
        title: `Job ${reference}`,
        async load(signal) {
            const [now, { events }, explained] = await Promise.all([
                get(path, signal),
                get(`${path}/events?limit=1000`, signal),
                get(`${path}/explain`, signal),
            ]);
            const { rows } = await get(`/v1/ledger?job=${now.id}`, signal);
            job = now;
            this.title = `${job.custom_id ?? job.id}: ${job.state}`;
            return page(job, { events, rows, ahead: explained.ahead, me, players });
        },
        concerns: (event) => !job || event.job_id === job.id,
        actions: {
            cancel: () => cancelJob(job),
            retry: () => retryJob(job),
            resolve: () => resolveJob(job),
        },
        media: () => document.querySelector('#main video, #main audio'),
    };
}
