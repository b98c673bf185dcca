// What the page has to say: passing news, and refusals, which stay until they are put away.

import { h } from './dom.js';

const NEWS_MS = 6000;

function show(kind, role, title, text) {
    const close = h('button', { type: 'button', class: 'quiet', 'aria-label': 'Dismiss' }, '×');
    const notice = h(
        'div',
        { class: `notice ${kind}`, role },
        h('p', {}, title ? h('strong', {}, `${title}. `) : null, text),
        close,
    );
    close.addEventListener('click', () => notice.remove());
    document.getElementById('notices').append(notice);
    return notice;
}

export function tell(text) {
    const notice = show('news', 'status', '', text);
    setTimeout(() => notice.remove(), NEWS_MS);
}

/** What the daemon refused, in its own words. Who is not known is asked for a token instead. */
export function complain(problem) {
    if (problem.name === 'AbortError' || problem.status === 401) return;
    const said = problem.message;
    show('refusal', 'alert', problem.title, said.charAt(0).toUpperCase() + said.slice(1));
}
