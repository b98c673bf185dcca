// Puts it together: who is signed in, which page is shown, and when it is loaded again.

import { accountsPage } from './accounts_page.js';
import { showAlarms } from './alarms.js';
import { signOut, whenStranger, whoAmI } from './api.js';
import { batchesPage, batchPage } from './batches_page.js';
import { h, morph } from './dom.js';
import { tickTimes } from './format.js';
import { jobPage } from './job_page.js';
import { jobsPage } from './jobs_page.js';
import { listenToKeys, showKeys } from './keys.js';
import { Live } from './live.js';
import { complain } from './notices.js';
import { queuePage } from './queue_page.js';
import { Refresher } from './refresher.js';
import { signInForm } from './sign_in_page.js';

const ROUTES = [
    [/^\/$/, queuePage],
    [/^\/jobs$/, jobsPage],
    [/^\/jobs\/([^/]+)$/, jobPage],
    [/^\/batches$/, batchesPage],
    [/^\/batches\/([^/]+)$/, batchPage],
    [/^\/accounts$/, accountsPage],
];
const UPKEEP_MS = 15000; // what no event tells of: a quarantine that ends, a gate that opens

const main = document.getElementById('main');
const place = {}; // what is shown: { view, refresher, leave }
let me = null;

function nowhere() {
    return {
        title: 'Nothing here',
        load: async () => [
            h(
                'p',
                { class: 'empty' },
                'There is no such page. ',
                h('a', { href: '#/' }, 'To the queue'),
            ),
        ],
    };
}

function decoded(text) {
    try {
        return text && decodeURIComponent(text);
    } catch {
        return text; // what nobody has encoded names nothing, and the daemon says so
    }
}

function viewOf(hash) {
    const [path, search] = (hash.slice(1) || '/').split('?');
    for (const [pattern, make] of ROUTES) {
        const match = pattern.exec(path);
        if (match) return make(decoded(match[1]), new URLSearchParams(search), me);
    }
    return nowhere();
}

function markPage(hash) {
    for (const link of document.querySelectorAll('#pages a')) {
        const own = link.getAttribute('href');
        const here = own === '#/' ? hash === '' || hash === '#/' : hash.startsWith(own);
        if (here) link.setAttribute('aria-current', 'page');
        else link.removeAttribute('aria-current');
    }
}

function sayTitle(view) {
    document.title = `${view.title} – genspool`;
}

/** Shows what the address names, and leaves what was shown. */
async function show() {
    if (!me) return;
    place.leave?.();
    const held = main.contains(document.activeElement) ? document.activeElement.name : '';
    const view = viewOf(location.hash);
    const abort = new AbortController();
    let shown = false;
    const load = async () => {
        try {
            const [wanted] = await Promise.all([view.load(abort.signal), showAlarms(abort.signal)]);
            if (abort.signal.aborted) return;
            const fresh = wanted.filter(Boolean);
            if (shown) morph(main, fresh);
            else main.replaceChildren(...fresh);
            shown = true;
            main.removeAttribute('aria-busy');
            sayTitle(view);
        } catch (problem) {
            if (abort.signal.aborted || problem.status === 401) return;
            // The connection's own words say that it is lost; it is tried again when it is back.
            if (problem.code === 'unreachable' && shown) return;
            main.removeAttribute('aria-busy');
            if (shown) complain(problem);
            else main.replaceChildren(h('p', { class: 'empty', role: 'alert' }, problem.message));
        }
    };
    const refresher = new Refresher(load);
    Object.assign(place, {
        view,
        refresher,
        leave: () => {
            abort.abort();
            refresher.stop();
        },
    });
    markPage(location.hash);
    sayTitle(view);
    main.setAttribute('aria-busy', 'true');
    await refresher.now();
    if (place.view !== view || document.querySelector('dialog[open]')) return;
    // Whoever changes a filter goes on from there; all others begin at the top.
    const same = held && main.querySelector(`[name="${held}"]`);
    (same || main).focus({ preventScroll: Boolean(same) });
    if (!same) scrollTo(0, 0);
}

async function act(name, element) {
    const action = place.view?.actions?.[name];
    if (!action || (!element && !main.querySelector(`[data-action="${name}"]`))) return;
    await action(element);
    place.refresher?.ask();
}

const live = new Live(
    (event) => {
        if (!event || !place.view?.concerns || place.view.concerns(event)) place.refresher?.ask();
    },
    (state, words) => {
        const element = document.getElementById('live');
        element.dataset.state = state;
        if (element.textContent !== words) element.textContent = words;
    },
);

function leaveSession() {
    me = null;
    live.stop();
    place.leave?.();
    place.view = null;
    document.getElementById('alarms').replaceChildren();
    document.getElementById('sign-out').hidden = true;
    document.getElementById('who').textContent = '';
    document.title = 'Sign in – genspool';
    for (const dialog of document.querySelectorAll('dialog')) dialog.close();
    main.removeAttribute('aria-busy');
    main.replaceChildren(signInForm(enter));
    main.querySelector('input').focus();
}

function enter(session) {
    me = session;
    document.getElementById('who').textContent = `${me.principal}${me.admin ? ', admin' : ''}`;
    document.getElementById('sign-out').hidden = !me.expires_at;
    live.start();
    show();
}

async function begin() {
    try {
        const session = await whoAmI();
        if (session.principal) enter(session);
    } catch (problem) {
        main.replaceChildren(h('p', { class: 'empty', role: 'alert' }, problem.message));
        setTimeout(begin, 2000);
    }
}

whenStranger(() => {
    if (me || !main.querySelector('form.sign-in')) leaveSession();
});
addEventListener('hashchange', show);
main.addEventListener('click', (event) => {
    const control = event.target.closest('[data-action]');
    if (control) act(control.dataset.action, control);
});
document.getElementById('skip').addEventListener('click', (event) => {
    event.preventDefault();
    main.focus();
});
document.getElementById('help').addEventListener('click', showKeys);
document.getElementById('sign-out').addEventListener('click', async () => {
    try {
        await signOut();
        leaveSession();
    } catch (problem) {
        complain(problem);
    }
});
listenToKeys(
    () => place.view,
    (name) => act(name),
);
setInterval(tickTimes, 1000);
setInterval(() => {
    if (!document.hidden) place.refresher?.ask();
}, UPKEEP_MS);
begin();
