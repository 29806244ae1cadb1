//! What is expected of a workflow, event by event: which jobs run, with which role, what they ask for in which order, and
//! what is there afterwards.

use super::{COMMIT, End, Event, Head, Ran, Registry, Trial};
use exoc::args::Ci;
use exoc_ir::Trigger;

impl Trial<'_> {
    /// The whole life of a release; how many commands were run for it.
    pub(super) fn run(&self) -> Result<usize, String> {
        let request = self.request_jobs();
        let first = self.event(Event::Request(Head::Own))?;
        self.expect(&first, &request)?;
        self.is_preview(&first)?;
        let fork = self.event(Event::Request(Head::Fork))?;
        self.expect(&fork, &["check"])?;
        let mut all = vec![first, fork];
        all.extend(match self.ci {
            Ci::Github | Ci::Gitlab => self.released()?,
            Ci::Gitea => self.started()?,
        });
        // Whatever runs now is what the next plan starts from.
        let second = self.event(Event::Request(Head::Own))?;
        self.expect(&second, &request)?;
        let told = self.stand_ins.comment()?;
        if !told.contains("No changes.") {
            return Err(format!("a plan of what runs has changes:\n{told}"));
        }
        self.refuses_what_is_not_built()?;
        let outcomes = all.iter().flat_map(|ran| ran.outcomes.values());
        Ok(outcomes.map(|outcome| outcome.steps).sum())
    }

    fn request_jobs(&self) -> Vec<&'static str> {
        match self.ci {
            Ci::Github | Ci::Gitlab => vec!["check", "changes", "preview", "comment"],
            Ci::Gitea => vec!["check", "preview"],
        }
    }

    fn before(&self) -> usize {
        self.jobs(|trigger| matches!(trigger, Trigger::BeforeDeploy { .. }))
    }

    /// Where every push is a release, which waits for approvals.
    fn released(&self) -> Result<Vec<Ran>, String> {
        let always = match self.ci {
            Ci::Github => Some("repositories-plan"),
            Ci::Gitlab | Ci::Gitea => None,
        };
        let mut jobs = vec!["check", "images", "plan", "apply"];
        jobs.extend(always);
        let mut first = jobs.clone();
        let mut registry = Registry::Changed;
        if self.before() > 0 {
            jobs.extend(["before-plan", "before"]);
            first.extend(["before-plan", "before"]);
            // The run whose jobs fail makes the repositories.
            self.stops_where_a_job_fails()?;
            registry = Registry::Same;
        } else {
            first.push("repositories");
            first.extend(always.is_none().then_some("repositories-plan"));
        }
        let released = self.event(Event::Push(registry))?;
        self.expect(&released, &first)?;
        self.is_release(&released)?;
        let again = self.event(Event::Push(Registry::Same))?;
        self.expect(&again, &jobs)?;
        Ok(vec![released, again])
    }

    /// Where a person starts each stage.
    fn started(&self) -> Result<Vec<Ran>, String> {
        let push = || self.event(Event::Push(Registry::Changed));
        let stage = |name: &'static str| -> Result<Ran, String> {
            let ran = self.event(Event::Start(name))?;
            self.expect(&ran, &[name])?;
            self.roles(&ran, &[(name, "APPLY")])?;
            Ok(ran)
        };
        let unready = push()?;
        self.expect(&unready, &["check", "repositories-plan"])?;
        let repositories = stage("repositories")?;
        let ready = push()?;
        self.expect(&ready, &["check", "repositories-plan", "images", "plan"])?;
        self.roles(&ready, &[("images", "PUSH"), ("plan", "PLAN")])?;
        let mut all = vec![unready, repositories, ready];
        if self.before() > 0 {
            let ran = stage("before")?;
            self.in_order(
                &ran,
                &[
                    "before.plan",
                    "aws stepfunctions start-execution",
                    "-out=release.plan",
                ],
            )?;
            self.has_no_service()?;
            all.push(ran);
        }
        all.push(stage("release")?);
        self.is_applied()?;
        Ok(all)
    }

    /// These jobs of the environment, and no others, ran, and succeeded.
    fn expect(&self, ran: &Ran, jobs: &[&str]) -> Result<(), String> {
        // What fails is why others are skipped.
        let by_end = |end: End| ran.outcomes.iter().filter(move |(_, it)| it.end == end);
        let failed = by_end(End::Failure);
        for (name, outcome) in failed.chain(by_end(End::Skipped)).chain(by_end(End::Success)) {
            let expected = if jobs.contains(&name.as_str()) {
                End::Success
            } else {
                End::Skipped
            };
            if outcome.end != expected {
                return Err(format!(
                    "{}\n{name} ends with {:?}, not {expected:?}",
                    outcome.log, outcome.end
                ));
            }
        }
        if by_end(End::Success).count() == jobs.len() {
            Ok(())
        } else {
            Err(format!("not all of {jobs:?} are jobs"))
        }
    }

    /// A pull request changes nothing and builds nothing, and its plan is told.
    fn is_preview(&self, ran: &Ran) -> Result<(), String> {
        let told = self.stand_ins.comment()?;
        if ran.calls.contains("docker") || ran.calls.contains("tofu apply") {
            return Err(format!("a pull request does more than plan:\n{}", ran.calls));
        }
        if !told.contains("<!-- exoc: ") || !told.contains("to add") {
            return Err(format!("the comment is no plan:\n{told}"));
        }
        let told = self.stand_ins.comments()?;
        let domain = told.lines().find(|line| line.contains("<!-- exoc -->"));
        if !domain.is_some_and(|told| told.contains("domain") && told.contains("was `old-")) {
            return Err(format!(
                "no comment says what changes in the application:\n{told}"
            ));
        }
        self.roles(ran, &[("preview", "PLAN")])
    }

    /// Repositories, images, jobs and everything else come in this order, each from a plan that was saved.
    fn is_release(&self, ran: &Ran) -> Result<(), String> {
        let before = self.before();
        let after = self.jobs(|trigger| matches!(trigger, Trigger::AfterDeploy));
        let mut order = Vec::new();
        if before == 0 {
            order.extend(["-out=repositories.plan", "-no-color repositories.plan"]);
        }
        order.push("docker buildx build --push");
        if before > 0 {
            order.extend(["-out=before.plan", "-no-color before.plan"]);
            order.extend(std::iter::repeat_n("aws stepfunctions start-execution", before));
        }
        order.extend([
            "-out=release.plan",
            "tofu apply -input=false -no-color release.plan",
        ]);
        order.extend(std::iter::repeat_n("aws stepfunctions start-execution", after));
        self.in_order(ran, &order)?;
        self.is_applied()?;
        self.roles(ran, &[("images", "PUSH"), ("plan", "PLAN"), ("apply", "APPLY")])
    }

    fn in_order(&self, ran: &Ran, order: &[&str]) -> Result<(), String> {
        let mut rest = ran.calls.as_str();
        for call in order {
            let (_, after) = rest
                .split_once(call)
                .ok_or_else(|| format!("{}\n`{call}` is not there, or not in its place", ran.calls))?;
            rest = after;
        }
        Ok(())
    }

    /// The services run, with the images of the release.
    fn is_applied(&self) -> Result<(), String> {
        let state = self.state()?;
        if state.contains("\"aws_ecs_service\"") && state.contains(&format!(":{COMMIT}-42-1")) {
            Ok(())
        } else {
            Err("the images of the release do not run".to_owned())
        }
    }

    fn has_no_service(&self) -> Result<(), String> {
        if self.state()?.contains("\"aws_ecs_service\"") {
            Err("a service is there before the jobs of the deployment ran".to_owned())
        } else {
            Ok(())
        }
    }

    /// Jobs take exactly these roles; who comments beside others takes none.
    fn roles(&self, ran: &Ran, roles: &[(&str, &str)]) -> Result<(), String> {
        let taken = |job: &str| ran.outcomes.get(job).and_then(|outcome| outcome.role.as_deref());
        for (job, role) in roles {
            if taken(job) != Some(role) {
                return Err(format!("{job} takes {:?} and not {role}", taken(job)));
            }
        }
        match (taken("check"), taken("changes"), taken("comment")) {
            (None, None, None) => Ok(()),
            taken => Err(format!("who checks or comments takes a role: {taken:?}")),
        }
    }

    /// Nothing of the services is applied where a job before the deployment fails.
    fn stops_where_a_job_fails(&self) -> Result<(), String> {
        self.stand_ins.jobs_end("FAILED")?;
        let ran = self.event(Event::Push(Registry::Changed))?;
        self.stand_ins.jobs_end("SUCCEEDED")?;
        let end = |job: &str| ran.outcomes.get(job).map(|outcome| outcome.end);
        if end("before") != Some(End::Failure) || end("plan") != Some(End::Skipped) {
            let log = ran.outcomes.get("before");
            return Err(format!("{log:#?}\na job was to fail, and the release to stop"));
        }
        self.has_no_service()
    }

    /// A manifest that was changed and not built fails in its step; so does a workflow that no longer fits.
    fn refuses_what_is_not_built(&self) -> Result<(), String> {
        let manifest = self.repository.join("application.yml");
        let text = std::fs::read_to_string(&manifest).map_err(|error| error.to_string())?;
        let write = |text: &str| std::fs::write(&manifest, text).map_err(|error| error.to_string());
        write(&text.replace("domain: ", "domain: new-"))?;
        self.fails_with("not as the manifest says")?;
        if self.jobs(|trigger| matches!(trigger, Trigger::AfterDeploy)) > 0 {
            write(&text.replace("when: after-deploy", "when: on-demand"))?;
            self.exoc(&["build"])?;
            self.fails_with("This workflow was written for another state of the application")?;
        }
        write(&text)?;
        self.exoc(&["build"])
    }

    fn fails_with(&self, words: &str) -> Result<(), String> {
        let ran = self.event(Event::Request(Head::Own))?;
        let check = ran.outcomes.get("check").ok_or("there is no check")?;
        let alone = ran.outcomes.values().filter(|outcome| outcome.steps > 0).count() == 1;
        if check.end == End::Failure && check.log.contains(words) && alone {
            Ok(())
        } else {
            Err(format!("{}\nthe check was to fail with `{words}`", check.log))
        }
    }
}
