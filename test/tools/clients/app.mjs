import serverlessExpress from '@codegenie/serverless-express';
import express from 'express';

const app = express();
app.use(express.json());
app.put('/things/:id', (req, res) =>
  res.status(201).set('x-a', 'b').json({ id: req.params.id, q: req.query, body: req.body }),
);
export const handler = serverlessExpress({ app });
