// What can be done from the page. Where money is at stake it is asked first, in words that name it.
// The daemon decides whether it may be done; a refusal is shown in its own words.

import { get, post, query } from './api.js';
import { ask, choice, choices, textField } from './ask.js';
import { count, money, plural } from './format.js';
import { complain, tell } from './notices.js';
import { isUnbought } from './states.js';

/** Does it, and says so; or says why not. Answers whether it was done. */
async function attempt(what, done) {
    try {
        const answer = await what();
        tell(typeof done === 'function' ? done(answer) : done);
        return true;
    } catch (problem) {
        complain(problem);
        return false;
    }
}

const price = (job) =>
    job.cost.estimated === null
        ? 'an amount that nobody knows beforehand (no price is known for it)'
        : `about ${money(job.cost.estimated, job.cost.unit)}`;

/** What has gone into the job so far, as a sentence; empty where nothing has. */
function sunk({ cost }) {
    const parts = [];
    if (Number(cost.spent) > 0) parts.push(`${money(cost.spent, cost.unit)} is spent`);
    if (Number(cost.reserved) > 0) parts.push(`${money(cost.reserved, cost.unit)} is reserved`);
    if (Number(cost.uncertain) > 0) parts.push(`${money(cost.uncertain, cost.unit)} may be gone`);
    return parts.length ? `So far ${parts.join(', ')}.` : '';
}

const path = (job, verb) => `/v1/jobs/${job.id}/${verb}`;

export async function cancelJob(shown) {
    // Whether it has cost anything is asked anew: what the page shows may be seconds old.
    let job;
    try {
        job = await get(`/v1/jobs/${shown.id}`);
    } catch (problem) {
        complain(problem);
        return;
    }
    if (!isUnbought(job.state)) {
        const says = [
            sunk(job),
            'It has been bought, or may have been. Canceling gives no money back; the upstream ' +
                'stops the work only where it can. What comes of it is not fetched, unless you retry.',
        ];
        const sure = await ask({
            title: 'Cancel what was bought?',
            says: says.filter(Boolean),
            yes: 'Cancel the job',
            no: 'Keep it',
            danger: true,
        });
        if (!sure) return;
    }
    await attempt(
        () => post(path(job, 'cancel')),
        (now) => (now.state === 'canceled' ? 'Canceled.' : 'The cancel waits for the upstream.'),
    );
}

export async function retryJob(job) {
    const sure = await ask({
        title: 'Retry this job?',
        says: [
            'What was bought already is taken up again and costs nothing. Where nothing of it is ' +
                `left, it is bought anew for ${price(job)}.`,
            sunk(job),
        ].filter(Boolean),
        yes: 'Retry',
        no: 'Leave it',
    });
    if (!sure) return;
    try {
        await post(path(job, 'retry'), { again: false });
        tell('It goes on.');
    } catch (problem) {
        if (problem.code === 'needs_again') await buyAgain(job, problem);
        else complain(problem);
    }
}

async function buyAgain(job, problem) {
    const sure = await ask({
        title: 'Pay a second time?',
        says: [
            `The daemon says: ${problem.message.split(';')[0]}.`,
            `Buying again costs ${price(job)}, on top of what was paid before. ${sunk(job)}`,
        ],
        yes: 'Buy it again',
        no: 'Do not buy',
        danger: true,
    });
    if (!sure) return;
    await attempt(() => post(path(job, 'retry'), { again: true }), 'It is bought again.');
}

export async function resolveJob(job) {
    const values = await ask({
        title: 'What became of the purchase?',
        says: ['Look it up with the upstream first: its task list, its bill.', sunk(job)].filter(
            Boolean,
        ),
        fields: [
            choices(
                'What became of the purchase',
                choice(
                    'found',
                    'adopt',
                    'It is there',
                    'Its task (named below) is taken up and brought home; what it costs counts ' +
                        'as spent. Nothing is bought.',
                ),
                choice(
                    'found',
                    'absent',
                    'It never arrived',
                    `It is queued and bought for ${price(job)}. ` +
                        'If it is there after all, you pay twice.',
                ),
                choice('found', 'lost', 'Let it go', 'The job fails. Its money counts as gone.'),
            ),
            textField('task', 'Task id at the upstream, if it is there', {
                spellcheck: 'false',
                autocapitalize: 'off',
            }),
        ],
        yes: 'Settle it',
        no: 'Not now',
        danger: true,
        check: ({ found, task }) => {
            if (!found) return 'Say which of the three it is.';
            return found === 'adopt' && !task.trim()
                ? 'Name the task, as the upstream calls it.'
                : '';
        },
    });
    if (!values) return;
    const tasks = values.task.split(/[\s,]+/).filter(Boolean);
    const body =
        values.found === 'adopt'
            ? { adopt: tasks.length === 1 ? tasks[0] : tasks }
            : { [values.found]: true };
    await attempt(
        () => post(path(job, 'resolve'), body),
        (now) => `Settled: the job is ${now.state}.`,
    );
}

export async function pauseQueue() {
    const values = await ask({
        title: 'Pause the queue?',
        says: ['Nothing is bought until it is resumed. What is bought is completed and fetched.'],
        fields: [textField('reason', 'Reason (shown to everybody)', { maxlength: 200 })],
        yes: 'Pause',
        no: 'Back',
    });
    if (!values) return;
    await attempt(
        () => post('/v1/queue/pause', values.reason ? { reason: values.reason } : {}),
        'The queue is paused.',
    );
}

export async function resumeQueue(stats) {
    const says = [
        `${plural(stats.states.queued, 'queued job')} may be bought as soon as there is room.`,
    ];
    if (stats.setback) {
        says.unshift(
            'The queue stands where it stood at an earlier moment. ' +
                `${count(stats.setback.doubtful)} of its jobs may have been bought since; ` +
                'buying them again costs their price a second time. ' +
                'Look at them first (Jobs, doubtful).',
        );
    }
    const sure = await ask({
        title: 'Resume buying?',
        says,
        yes: 'Resume',
        no: 'Stay paused',
        danger: true,
    });
    if (sure) await attempt(() => post('/v1/queue/resume'), 'The queue buys again.');
}

export async function pauseAccount(name) {
    const values = await ask({
        title: `Pause ${name}?`,
        says: ['Nothing is bought there until it is resumed; its jobs wait or go elsewhere.'],
        fields: [textField('reason', 'Reason (shown to everybody)', { maxlength: 200 })],
        yes: 'Pause',
    });
    if (!values) return;
    await attempt(
        () =>
            post(
                `/v1/accounts/${encodeURIComponent(name)}/pause`,
                values.reason ? { reason: values.reason } : {},
            ),
        `${name} is paused.`,
    );
}

export async function resumeAccount(name) {
    const sure = await ask({
        title: `Resume ${name}?`,
        says: [
            'Buying begins there again, and its quarantines end: jobs that wait for it cost ' +
                'money as soon as they are sent.',
        ],
        yes: 'Resume',
        no: 'Leave it',
        danger: true,
    });
    if (sure)
        await attempt(
            () => post(`/v1/accounts/${encodeURIComponent(name)}/resume`),
            `${name} buys again.`,
        );
}

export async function cancelBatch(batch) {
    const { reserved, spent, uncertain, unit } = batch.cost;
    const sure = await ask({
        title: 'Cancel the whole batch?',
        says: [
            'Jobs that wait are canceled and cost nothing. Those that were bought are canceled ' +
                'as well: their money is not given back, and what comes of them is not fetched.',
            `Spent ${money(spent, unit)}, reserved ${money(reserved, unit)}, ` +
                `uncertain ${money(uncertain, unit)}.`,
        ],
        yes: 'Cancel the batch',
        no: 'Keep it',
        danger: true,
    });
    if (!sure) return;
    await attempt(
        () => cancelAll(`/v1/batches/${batch.id}/cancel`),
        ({ done, refused }) => `Canceled: ${count(done)}. Refused: ${count(refused)}.`,
    );
}

/** One call reaches a part of a large batch, and says where the next goes on. */
async function cancelAll(call) {
    const sum = { done: 0, refused: 0 };
    let next = null;
    do {
        const said = await post(call + query({ cursor: next }));
        sum.done += said.done;
        sum.refused += said.refused;
        next = said.next;
    } while (next);
    return sum;
}
