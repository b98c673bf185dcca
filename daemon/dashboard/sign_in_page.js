// Where a token is shown once; the browser then has a cookie that stands for it.

import { signIn } from './api.js';
import { h } from './dom.js';

export function signInForm(onSignedIn) {
    const token = h('input', {
        name: 'token',
        type: 'password',
        autocomplete: 'current-password',
        required: true,
        spellcheck: 'false',
        autocapitalize: 'off',
    });
    const wrong = h('p', { class: 'wrong', role: 'alert' });
    const form = h(
        'form',
        { class: 'sign-in' },
        h('h1', {}, 'Sign in'),
        h(
            'p',
            {},
            'This daemon wants a token. ',
            h('code', {}, 'genspool token add NAME'),
            ' makes one.',
        ),
        h('label', { class: 'field' }, h('span', {}, 'Token'), token),
        wrong,
        h('button', { type: 'submit', class: 'primary' }, 'Sign in'),
    );
    form.addEventListener('submit', async (event) => {
        event.preventDefault();
        wrong.textContent = '';
        try {
            onSignedIn(await signIn(token.value.trim()));
        } catch (problem) {
            wrong.textContent = problem.message;
            token.select();
        }
    });
    return form;
}
