// Asks before something is done that cannot be undone or may cost money.

import { h } from './dom.js';

/**
 * Resolves to the form's values, or to null if the answer is no. `says` are paragraphs; `fields`
 * elements of a form; `check(values)` returns what is missing, or an empty text.
 */
export function ask({
    title,
    says = [],
    fields = [],
    yes,
    no = 'Back',
    danger = false,
    check = () => '',
}) {
    const wrong = h('p', { class: 'wrong', role: 'alert' });
    const refuse = h('button', { type: 'button', class: 'secondary' }, no);
    const agree = h('button', { type: 'submit', class: danger ? 'danger' : 'primary' }, yes);
    const form = h(
        'form',
        { method: 'dialog' },
        h('h2', { id: 'ask-title' }, title),
        says.map((text) => h('p', {}, text)),
        fields,
        wrong,
        h('div', { class: 'buttons' }, refuse, agree),
    );
    const dialog = h('dialog', { 'aria-labelledby': 'ask-title' }, form);
    document.body.append(dialog);
    return new Promise((resolve) => {
        let answer = null;
        refuse.addEventListener('click', () => dialog.close());
        form.addEventListener('submit', (event) => {
            event.preventDefault();
            const values = Object.fromEntries(new FormData(form));
            wrong.textContent = check(values);
            if (wrong.textContent) return;
            answer = values;
            dialog.close();
        });
        dialog.addEventListener('close', () => {
            dialog.remove();
            resolve(answer);
        });
        dialog.showModal();
        // The harmless answer is the one that a hasty Enter gives.
        if (danger) refuse.focus();
    });
}

export function textField(name, label, attributes = {}) {
    return h(
        'label',
        { class: 'field' },
        h('span', {}, label),
        h('input', { name, type: 'text', autocomplete: 'off', ...attributes }),
    );
}

export function choice(name, value, label, detail) {
    return h(
        'label',
        { class: 'choice' },
        h('input', { type: 'radio', name, value }),
        h('span', {}, h('strong', {}, label), h('span', { class: 'detail' }, detail)),
    );
}

/** Choices of which one is taken; `legend` is what a screen reader says before them. */
export function choices(legend, ...all) {
    return h('fieldset', { class: 'choices' }, h('legend', { class: 'unseen' }, legend), all);
}
