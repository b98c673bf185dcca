// The keyboard: one key for what is done often. They can be turned off, since whoever speaks to his
// machine, or has a key pressed by accident, does not want them.

import { h } from './dom.js';

const STORED = 'genspool.keys';

const HELP = [
    ['g q', 'Queue'],
    ['g j', 'Jobs'],
    ['g b', 'Batches'],
    ['g a', 'Accounts'],
    ['j / k', 'next, previous row'],
    ['Enter', 'open the row'],
    ['/', 'filters of the jobs'],
    ['p', 'play or pause'],
    ['c', 'cancel…'],
    ['r', 'retry…'],
    ['e', 'resolve…'],
    ['?', 'this list'],
    ['Esc', 'close a dialog'],
];
const PAGES = { q: '#/', j: '#/jobs', b: '#/batches', a: '#/accounts' };
const ACTIONS = { c: 'cancel', r: 'retry', e: 'resolve' };

const areOn = () => localStorage.getItem(STORED) !== 'off';

export function showKeys() {
    const toggle = h('input', { type: 'checkbox', checked: areOn() });
    toggle.addEventListener('change', () =>
        localStorage.setItem(STORED, toggle.checked ? 'on' : 'off'),
    );
    const dialog = h(
        'dialog',
        { 'aria-labelledby': 'keys-title' },
        h(
            'form',
            { method: 'dialog' },
            h('h2', { id: 'keys-title' }, 'Keys'),
            h(
                'dl',
                { class: 'keys' },
                HELP.map(([key, what]) =>
                    h('div', {}, h('dt', {}, h('kbd', {}, key)), h('dd', {}, what)),
                ),
            ),
            h('label', { class: 'check' }, toggle, 'single keys are on'),
            h(
                'div',
                { class: 'buttons' },
                h('button', { type: 'submit', class: 'secondary' }, 'Close'),
            ),
        ),
    );
    dialog.addEventListener('close', () => dialog.remove());
    document.body.append(dialog);
    dialog.showModal();
}

function moveRow(step) {
    const links = [...document.querySelectorAll('#main [data-row] th a')];
    if (!links.length) return;
    const at = links.indexOf(document.activeElement);
    const next =
        at < 0
            ? step > 0
                ? 0
                : links.length - 1
            : Math.min(Math.max(at + step, 0), links.length - 1);
    links[next].focus();
}

function playOrPause(media) {
    if (!media) return;
    if (media.paused) media.play();
    else media.pause();
}

/** view() is the page that is shown now. */
export function listenToKeys(view, act) {
    let before = '';
    document.addEventListener('keydown', (event) => {
        const typing = event.target.closest?.('input, select, textarea, [contenteditable]');
        const other = event.ctrlKey || event.metaKey || event.altKey;
        if (typing || other || !areOn() || document.querySelector('dialog[open]')) return;
        const { key } = event;
        const after = before;
        before = key === 'g' ? 'g' : '';
        if (after === 'g' && PAGES[key]) location.hash = PAGES[key];
        else if (key === 'j') moveRow(1);
        else if (key === 'k') moveRow(-1);
        else if (key === '/' && view()?.focusFilter) view().focusFilter();
        else if (key === '?') showKeys();
        else if (key === 'p') playOrPause(view()?.media?.());
        else if (ACTIONS[key]) act(ACTIONS[key]);
        else return;
        event.preventDefault();
    });
}
