/** What is used of GitLab's SDK, in a module of its own so that the bundler puts it into a chunk that only this forge loads. */
export {
  Commits,
  Deployments,
  Environments,
  MergeRequestNotes,
  MergeRequests,
  MergeTrains,
  Metadata,
  PersonalAccessTokens,
  Projects,
  Users,
} from '@gitbeaker/rest';
