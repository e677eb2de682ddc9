/** What is used of GitHub's SDK, in a module of its own so that the bundler puts it into a chunk that only this forge loads. */
export { Octokit } from 'octokit';
