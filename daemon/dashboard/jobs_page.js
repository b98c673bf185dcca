// "/jobs": all jobs by filters, newest first, a page at a time.

import { get, query } from './api.js';
import { h } from './dom.js';
import { empty, jobTable, pager } from './parts.js';
import { STATES } from './states.js';

const KINDS = [
    'video',
    'video_template',
    'tts',
    'music',
    'lyrics',
    'image',
    'agent',
    'voice_clone',
    'voice_design',
    'chat',
    'chat_batch',
];
const LIMIT = 50;
const FILTERS = ['state', 'kind', 'account', 'batch', 'label', 'doubtful', 'unanswered'];

const options = (names, chosen, all) => [
    h('option', { value: '' }, all),
    names.map((name) => h('option', { value: name, selected: name === chosen }, name)),
];

const field = (label, control) => h('label', { class: 'field' }, h('span', {}, label), control);

function filterForm(parameters, accounts) {
    const text = (name, placeholder) =>
        h('input', {
            name,
            value: parameters.get(name) ?? '',
            placeholder,
            autocomplete: 'off',
            spellcheck: 'false',
            autocapitalize: 'off',
        });
    const flag = (name, label, title) =>
        h(
            'label',
            { class: 'check', title },
            h('input', {
                type: 'checkbox',
                name,
                value: 'true',
                checked: parameters.get(name) === 'true',
            }),
            label,
        );
    const form = h(
        'form',
        { class: 'filters', 'data-keep': true, role: 'search', 'aria-label': 'Filter jobs' },
        field(
            'State',
            h(
                'select',
                { name: 'state' },
                options(Object.keys(STATES), parameters.get('state'), 'all'),
            ),
        ),
        field('Kind', h('select', { name: 'kind' }, options(KINDS, parameters.get('kind'), 'all'))),
        field(
            'Account',
            h('select', { name: 'account' }, options(accounts, parameters.get('account'), 'all')),
        ),
        field('Batch', text('batch', 'id')),
        field('Label', text('label', 'name=value')),
        h(
            'div',
            { class: 'checks' },
            flag(
                'doubtful',
                'doubtful',
                'May have been bought since the backup that the queue was restored from',
            ),
            flag(
                'unanswered',
                'unanswered',
                'Came through the gateway, and nobody has had the answer yet',
            ),
        ),
        field(
            'Job',
            h('input', {
                name: 'id',
                placeholder: 'id or its beginning',
                autocomplete: 'off',
                spellcheck: 'false',
                autocapitalize: 'off',
            }),
        ),
        h('button', { type: 'submit', class: 'secondary' }, 'Show'),
    );
    const apply = () => {
        const values = Object.fromEntries(new FormData(form));
        if (values.id.trim()) {
            location.hash = `#/jobs/${encodeURIComponent(values.id.trim())}`;
        } else {
            delete values.id;
            location.hash = `#/jobs${query(values)}`;
        }
    };
    form.addEventListener('change', (event) => {
        if (event.target.type !== 'text') apply();
    });
    form.addEventListener('submit', (event) => {
        event.preventDefault();
        apply();
    });
    return form;
}

export function jobsPage(_argument, parameters) {
    const wanted = Object.fromEntries(FILTERS.map((name) => [name, parameters.get(name)]));
    const cursor = parameters.get('cursor');
    const hash = (next) => `#/jobs${query({ ...wanted, cursor: next })}`;
    let form = null;
    return {
        title: wanted.state ? `Jobs: ${wanted.state}` : 'Jobs',
        async load(signal) {
            const [{ jobs, next }, { accounts }] = await Promise.all([
                get(`/v1/jobs${query({ ...wanted, cursor, limit: LIMIT })}`, signal),
                form ? { accounts: [] } : get('/v1/accounts', signal),
            ]);
            form ??= filterForm(
                parameters,
                accounts.map((account) => account.name),
            );
            const none = next
                ? empty('None among those looked at so far; there are older ones.')
                : empty('No job fits.');
            return [
                h('div', { class: 'title' }, h('h1', {}, 'Jobs')),
                form,
                jobs.length ? jobTable(jobs, 'Jobs, newest first') : none,
                pager(hash, next, !cursor),
            ];
        },
        focusFilter: () => form?.querySelector('select, input').focus(),
    };
}
