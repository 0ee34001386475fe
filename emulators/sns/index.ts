/** Amazon SNS: topics and everything that can be subscribed to them. */
import { join } from 'node:path';
import type { Emulator } from '../../src/model/emulator.ts';
import { makeCallOutside } from '../_wire/outward.ts';
import { acceptMessage } from './accept.ts';
import { makeCertificateApi, makeSnsApi } from './api.ts';
import { nameOf } from './arns.ts';
import { declare } from './declare.ts';
import { makeDeliveries } from './delivery/deliver.ts';
import { openHttpDeliveries } from './delivery/http-deliveries.ts';
import { makeOutbox } from './delivery/outbox.ts';
import { makePublisher } from './publish.ts';
import type { SnsService } from './service.ts';
import { openSigner } from './signer.ts';
import { openSnsStore } from './store.ts';
import { makeSubscribing } from './subscribe.ts';
import { deadLetterArnOf } from './subscription-attributes.ts';
import { openTopics } from './topics.ts';

/** How long a closing session waits for endpoints to answer; what is not answered is sent again by the next one. */
const CLOSE_GRACE_MS = 1000;

export const sns: Emulator = {
  name: 'sns',
  kinds: ['topic', 'subscription'],
  async start(context) {
    const { clock, ids, region, accountId, notice } = context;
    const endpoint = context.endpoint ?? (() => 'http://127.0.0.1:4566');
    const topics = openTopics(openSnsStore(context.store));
    const signer = openSigner(context.store, ids);
    const outbox = makeOutbox({
      folder: join(context.folder, 'outbox'),
      now: () => Math.floor(clock.now()),
      notice,
    });
    const http = openHttpDeliveries({
      store: context.store,
      clock,
      callOutside: context.callOutside ?? makeCallOutside(clock),
      onGivenUp({ subscriptionArn, url, body, origin, topicArn }, reason) {
        const { attributes = {} } = topics.findSubscription(subscriptionArn)?.record ?? {};
        const arn = deadLetterArnOf(attributes);
        const sent = arn !== undefined && context.send?.({ arn, body, ...(origin && { origin }) });
        notice(
          `${nameOf(topicArn)} → ${url}: ${reason}; the message ${sent ? `went to ${nameOf(arn)}` : 'was dropped'}`,
        );
      },
    });
    const deliveries = makeDeliveries({
      ...{ context, http, outbox },
      deliveryPolicyOf: (arn) => topics.find(arn)?.record.attributes.DeliveryPolicy,
    });
    const service: SnsService = {
      ...{ topics, outbox, ids, region, accountId },
      publisher: makePublisher({ topics, deliveries, signer, clock, ids }),
      subscribing: makeSubscribing({ topics, http, outbox, signer, clock, ids }),
    };
    return {
      api: makeSnsApi(service),
      furtherApis: [makeCertificateApi(signer)],
      async apply(resources, triggers) {
        declare(service, {
          ...{ resources, notice, functions: context.functions() },
          triggers: triggers.filter((trigger) => trigger.kind === 'topic'),
          base: endpoint(),
        });
        http.start();
      },
      accept: (message) => acceptMessage(service, message, endpoint),
      reload() {
        topics.reload();
        signer.reload();
        http.reload();
      },
      close: () => http.close(CLOSE_GRACE_MS),
    };
  },
};
