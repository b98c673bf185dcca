// "/accounts": where work is bought: slots, limits, quarantines, and what each day cost.

import { pauseAccount, resumeAccount } from './actions.js';
import { get } from './api.js';
import { h } from './dom.js';
import { money, time } from './format.js';
import { button, empty, gauge } from './parts.js';
import { spendPlots } from './plot.js';

const DAYS = 30;
const DAY_MS = 86400000;

const HEALTH = {
    ok: 'good',
    limited: 'alarm',
    quarantined: 'bad',
    broken: 'bad',
    paused: 'off',
    missing: 'bad',
};

function rate({ rpm, rpm_now: now }) {
    if (!rpm) return '';
    return now && now < rpm ? `${now} of ${rpm}/min` : `${rpm}/min`;
}

function slots(account) {
    return h(
        'div',
        { class: 'slots' },
        account.slots.map((slot) => {
            const now = slot.limit_now && slot.limit_now < slot.limit ? slot.limit_now : slot.limit;
            const notes = [
                now < slot.limit ? `shrunk from ${slot.limit}` : '',
                slot.held ? `${slot.held} kept for held jobs` : '',
            ]
                .filter(Boolean)
                .join(', ');
            return [
                gauge(slot.taken, now, slot.class, `${slot.taken} of ${now}`, rate(slot)),
                notes ? h('p', { class: 'detail' }, notes) : null,
            ];
        }),
    );
}

function quarantines(account) {
    if (!account.quarantines.length) return null;
    return h(
        'ul',
        { class: 'plain quarantines' },
        account.quarantines.map((each) =>
            h(
                'li',
                {},
                h('strong', {}, `Quarantine of the ${each.scope}`),
                each.what ? ` ${each.what}` : '',
                `: ${each.reason} `,
                h(
                    'span',
                    { class: 'detail' },
                    'since ',
                    time(each.since),
                    each.until ? [', until ', time(each.until)] : ', until resumed',
                ),
            ),
        ),
    );
}

function today(account) {
    const { unit, used, budget, uncertain, reserved } = account.today;
    const more = [
        Number(reserved) ? `${money(reserved, unit)} reserved` : '',
        Number(uncertain) ? `${money(uncertain, unit)} uncertain` : '',
    ]
        .filter(Boolean)
        .join(', ');
    const text =
        budget === null ? money(used, unit) : `${money(used, unit)} of ${money(budget, unit)}`;
    return h(
        'div',
        {},
        budget === null
            ? h(
                  'p',
                  { class: 'gauge' },
                  h('span', {}, 'today'),
                  h('span', { class: 'number' }, text),
              )
            : gauge(Number(used), Number(budget), 'today', text),
        more ? h('p', { class: 'detail' }, more) : null,
    );
}

function card(account) {
    const resumable = account.paused || account.quarantines.length;
    return h(
        'article',
        { class: 'card', 'data-key': account.name, 'aria-label': `Account ${account.name}` },
        h(
            'header',
            {},
            h('h2', {}, account.name),
            h('span', { class: `badge tone-${HEALTH[account.health] ?? 'off'}` }, account.health),
            h('span', { class: 'detail' }, account.provider),
        ),
        account.broken ? h('p', { class: 'wrong' }, account.broken) : null,
        account.login_until
            ? h('p', { class: 'detail' }, 'login good until ', time(account.login_until))
            : null,
        quarantines(account),
        slots(account),
        today(account),
        h(
            'div',
            { class: 'controls' },
            account.paused
                ? null
                : button('pause', 'Pause…', {
                      'data-name': account.name,
                      'aria-label': `Pause ${account.name}`,
                  }),
            resumable
                ? button('resume', 'Resume…', {
                      'data-name': account.name,
                      'aria-label': `Resume ${account.name}`,
                  })
                : null,
        ),
    );
}

export function accountsPage() {
    return {
        title: 'Accounts',
        async load(signal) {
            const from = new Date(Date.now() - (DAYS - 1) * DAY_MS).toISOString().slice(0, 10);
            const [{ accounts }, { totals }] = await Promise.all([
                get('/v1/accounts', signal),
                get(`/v1/ledger/totals?from=${from}&limit=1000`, signal),
            ]);
            return [
                h('div', { class: 'title' }, h('h1', {}, 'Accounts')),
                accounts.length
                    ? h('div', { class: 'cards' }, accounts.map(card))
                    : empty('No account is configured: jobs are taken and wait.'),
                h(
                    'section',
                    { 'aria-labelledby': 'spend' },
                    h('h2', { id: 'spend' }, 'Spend per day (UTC)'),
                    totals.length
                        ? spendPlots(totals, DAYS)
                        : empty(`Nothing was bought in ${DAYS} days.`),
                ),
            ];
        },
        actions: {
            pause: (element) => pauseAccount(element.dataset.name),
            resume: (element) => resumeAccount(element.dataset.name),
        },
    };
}
