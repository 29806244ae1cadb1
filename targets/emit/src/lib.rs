//! Printers that targets share. A target's plan is turned into typed trees, [`yaml`] or [`hcl`], and
//! these print them so that every reader gets the same values back and formatters find nothing to
//! change. Owns escaping, layout, the words that say where a block comes from, those that notes share, and what
//! patches do to a tree; knows no target, no manifest and no file system.
//!
//! ```
//! use exoc_emit::hcl::{Body, Template, block, local, object, reference, var};
//!
//! let name = Template::new().value(local("name")).text("-public");
//! let file = Body::new().nested(
//!     block("resource", ["aws_subnet", "public"])
//!         .attr("for_each", reference(["local", "zones"]))
//!         .attr("vpc_id", reference(["aws_vpc", "main", "id"]))
//!         .attr("cidr_block", var("vpc_cidr"))
//!         .attr("tags", object([("Name", name)]))
//!         .block("lifecycle", |body| body.attr("create_before_destroy", true)),
//! );
//! assert_eq!(
//!     file.print(),
//!     r#"resource "aws_subnet" "public" {
//!   for_each = local.zones
//!
//!   vpc_id     = aws_vpc.main.id
//!   cidr_block = var.vpc_cidr
//!
//!   tags = {
//!     Name = "${local.name}-public"
//!   }
//!
//!   lifecycle {
//!     create_before_destroy = true
//!   }
//! }
//! "#
//! );
//! ```
//!
//! ```
//! use exoc_emit::yaml::{Mapping, print, quoted, quoted_flow_list};
//!
//! let web = Mapping::new()
//!     .with("image", "nginx:1.29")
//!     .with("command", quoted_flow_list(["nginx", "-g", "daemon off;"]))
//!     .comment("Only this machine may connect.")
//!     .with("ports", vec![quoted("127.0.0.1:8080:80")])
//!     .with_some("user", None::<u32>);
//! let file = Mapping::new().with("services", Mapping::new().with("web", web));
//! assert_eq!(
//!     print(&file),
//!     r#"services:
//!   web:
//!     image: nginx:1.29
//!     command: ["nginx", "-g", "daemon off;"]
//!     ## Only this machine may connect.
//!     ports:
//!       - "127.0.0.1:8080:80"
//! "#
//! );
//! ```

pub mod base64;
pub mod hcl;
pub mod origin;
pub mod patch;
pub mod read;
mod text;
pub mod words;
pub mod yaml;
